"""A small plan whose numbers rest on what four origins say, and runs of it that tests share.

Northland has promised troops: its ministry says one thing, a leak (whose name no file could bear) another, a think
tank something between.  For Westland one envoy speaks, in two outlets.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from holdfast import api
from holdfast.ensemble.executors import JobExecutor
from holdfast.ensemble.run import run
from holdfast.findings.opened import Run
from holdfast.plan import load
from holdfast.plan.model import Plan

MINISTRY, LEAK, TANK, ENVOY = "ministry", "Leak: ../who?", "tank", "envoy"
ORIGINS = tuple(sorted((MINISTRY, LEAK, TANK, ENVOY)))

FILES = {
    "plan.yaml": """\
schema_version: 1
title: Small
c_day: 2027-03-01
compiled: 2026-03-01
horizon_days: 40
requirements:
  - {id: both, title: 800 deter, measure: people_in_place, component: deterrence, at_least: 800,
     statistic: every_day, from_day: 3, to_day: 39, probability: 0.5}
  - {id: teams, title: 60 train, measure: people_in_place, component: training, at_least: 60,
     statistic: share_of_days, share: 0.9, from_day: 0, to_day: 39, probability: 0.4}
  - {id: burden, title: Northland sends at most 500, measure: people_deployed, nation: XNL, at_most: 500,
     probability: 0.5}
""",
    "nations.csv": "id,name,max_people_deployed\nXNL,Northland,=north_offer\nXWL,Westland,=west_offer\n",
    "unit_types.csv": "id,name,people,combat\ninfantry,Company,100,0.25\nteam,Team,30,0\n",
    "units.csv": """\
id,nation,unit_type,quantity,posture,available_from_day
N-inf,XNL,infantry,9,permanent,
W-inf,XWL,infantry,3,permanent,=west_delay
W-team,XWL,team,2,permanent,
""",
    "tasks.csv": """\
id,component,unit_type,quantity,priority
line,deterrence,infantry,11,1
school,training,team,2,2
""",
    "assumptions.csv": """\
name,unit,kind,low,mode,high,formula,claims,judged
north_offer,persons,claims,0,500,900,,C1;C2;C3;C4,yes
west_offer,persons,claims,100,350,500,,C5;C6,no
west_share,1,uniform,0,,1,,,yes
west_days,days,fixed,,3,,,,no
west_delay,days,formula,,,,west_share * west_days,,no
unrelated,1,uniform,0,,1,,,no
""",
    "sources.csv": "id,outlet,date,reliability\nS1,First,2026-01,B\nS2,Second,2026-01,C\nS3,Third,2026-01,B\n",
    "claims.csv": f"""\
id,date,source,basis,origin,credibility,subject,quantity,kind,low,high,unit,derived_from,contradicts
C1,2026-01-10,S1,on_record,{MINISTRY},2,XNL,contribution_troops,offered,600,700,troops,,C2
C2,2026-01-20,S2,anonymous,{LEAK},3,XNL,contribution_troops,offered,200,300,troops,,C1
C3,2026-01-15,S3,document,{TANK},2,XNL,contribution_troops,planned,450,650,troops,,
C4,2026-01-12,S3,relayed,{MINISTRY},2,XNL,contribution_troops,offered,600,700,troops,C1,
C5,2026-01-05,S1,on_record,{ENVOY},2,XWL,contribution_troops,offered,330,380,troops,,
C6,2026-01-06,S2,relayed,{ENVOY},2,XWL,contribution_troops,offered,330,380,troops,C5,
""",
}


def write(folder: Path, changes: Mapping[str, str] | None = None) -> Path:
    """The small plan in a new folder."""
    folder.mkdir(parents=True)
    for name, content in {**FILES, **(changes or {})}.items():
        (folder / name).write_text(content, "utf-8")
    return folder


@cache
def small() -> Plan:
    """The small plan, loaded once."""
    return load.build(Path("small"), {name: text.encode() for name, text in FILES.items()}, {})


@cache
def tiny() -> Plan:
    """The shipped plan that can be checked by hand."""
    return api.load(Path(api.__file__).parent / "plans" / "tiny")


@cache
def finished(draws: int = 4700, seed: int = 1, overrides: tuple[tuple[str, str], ...] = ()) -> Run:
    """A finished run of the small plan, shared: do not change its folder.  Two chunks, the second one short."""
    return run(
        small().with_(dict(overrides)) if overrides else small(), draws=draws, seed=seed, out="memory", workers=1
    )


@cache
def finished_tiny(draws: int = 300) -> Run:
    """A finished run of the tiny plan, shared: do not change its folder."""
    return run(tiny(), draws=draws, seed=1, out="memory", workers=1)


def fresh(out: Path, draws: int = 4700, workers: int | JobExecutor = 1) -> Run:
    """A run of the small plan in a folder of its own."""
    return run(small(), draws=draws, seed=1, out=out, workers=workers)


def copy_of(done: Run, out: Path) -> Path:
    """A copy of a run folder, to spoil."""
    return Path(shutil.copytree(done.path, out / done.path.name))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a run folder that must be the same bytes however it was run: all but ``run.json`` and the page."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in ("run.json", "report.html"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
