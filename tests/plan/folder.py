"""A tiny valid plan as texts, and folders written from it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

TINY = {
    "plan.yaml": """\
schema_version: 1
title: "Tiny"
c_day: 2026-03-01
compiled: 2026-01-31
horizon_days: 360
requirements:
  - id: r1
    measure: people_in_place
    component: deterrence
    at_least: 500
    statistic: share_of_days
    share: 0.9
    from_day: 30
    to_day: 359
  - id: r2
    measure: missed_unit_days
    at_most: 20
    probability: 0.6
phases:
  - name: surge
    from_day: 0
  - name: steady
    from_day: 180
""",
    "nations.csv": "id,name,max_people_deployed\nNO,Norway,=no_ceiling\nNA,Namibia,\nGBR,United Kingdom,\n",
    "unit_types.csv": "id,name,people,combat\ninfantry,Infantry company,120,0.3\nengineer,Engineers,80,\n",
    "units.csv": """\
id,nation,unit_type,quantity,policy,posture,home_place,start,start_clock_day,readiness,not_ready_days
NO-inf,NO,infantry,=no_companies,north,,,,,0.9,30
NA-inf,NA,infantry,2,north,rotating,,fixed,40,,
GBR-eng,GBR,engineer,1,,forward,camp,,,,
""",
    "policies.csv": """\
id,phase,cycle_days,start_deployable_day,stop_deployable_day,bog_days,overlap_days
north,,720,480,,180,=handover
north,surge,540,300,500,180,
""",
    "tasks.csv": """\
id,component,unit_type,quantity,place
guard,deterrence,infantry,4,camp
build,support,engineer,1,camp
""",
    "substitutions.csv": "id,task_type,unit_type,effectiveness\ns1,engineer,infantry,0.5\n",
    "commitments.csv": """\
id,nation,people,unit_type,contained_in
unifil,NO,240,infantry,
part,NO,120,infantry,unifil
""",
    "assumptions.csv": """\
name,unit,kind,low,mode,high,formula,claims,judged,spread
no_companies,units,formula,,,,floor(N001 × no_share ÷ company_people),,,
no_share,1,pert,0.2,0.4,0.5,,,yes,
company_people,persons/unit,fixed,,120,,,,,
no_ceiling,persons,claims,300,500,800,,C001;C002,,0.2
handover,days,fixed,,14,,,,,
""",
    "facts.csv": "id,nation,attribute,value,unit\nN001,NO,army_personnel,2400,troops\nN002,NO,motto,alt,text\n",
    "sources.csv": "id,outlet,date,reliability\nS001,An outlet,2025-09,C\n",
    "claims.csv": """\
id,date,source,origin,credibility,low,high,unit,derived_from
C001,2025-09-05,S001,speaker,3,400,600,troops,
C002,2025,S001,speaker,3,500,,troops,C001
""",
    "costs.csv": "id,what,unit,value,from_day,to_day\nc1,upkeep,GBP million/year,12.5,0,360\n",
}


def write(folder: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
    """The tiny plan in ``folder``, some files replaced or left out (None)."""
    for name, content in {**TINY, **(changes or {})}.items():
        if content is not None:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def as_bytes(changes: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The tiny plan as it would be read, some files replaced."""
    return {**{name: text.encode() for name, text in TINY.items()}, **(changes or {})}


def changed(name: str, old: str, new: str) -> dict[str, str]:
    """One file of the tiny plan with one passage replaced; the passage must stand there exactly once."""
    assert TINY[name].count(old) == 1, f"{old!r} stands {TINY[name].count(old)} times in {name}"
    return {name: TINY[name].replace(old, new)}
