"""Report contents to test with: a realistic one, an empty one and a hostile one.  All numbers are invented."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from holdfast.report.content import (
    AssumptionRow,
    BreaksFirst,
    ClaimRow,
    DailyBand,
    FactRow,
    LargestForce,
    NationBurden,
    OriginMove,
    PoolDwell,
    ReportContent,
    RequirementResult,
    Shortfall,
    SourceRow,
    UnitSpan,
)

EMPTY = ReportContent(title="An empty plan", verdict="undecided")

NATIONS = (
    ("GBR", "United Kingdom", 0.24, 72_000.0),
    ("FRA", "France", 0.22, 114_000.0),
    ("NLD", "Netherlands", 0.11, 19_000.0),
    ("SWE", "Sweden", 0.10, None),
    ("BEL", "Belgium", 0.09, 10_000.0),
    ("LTU", "Lithuania", 0.08, 14_500.0),
    ("EST", "Estonia", 0.06, 4_000.0),
    ("DNK", "Denmark", 0.10, 8_000.0),
)

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "' onmouseover='alert(3)",
    "</title></style></svg><svg onload=alert(4)>",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "{{ 7*7 }}{% raw %}",
    "$\\frac{1}{$ $(touch x) `id` ; rm -rf ~",
    "../../etc/<b>name</b>.csv",
    "W" * 400,
    "\u202eevil\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "\U0001f600\U0001f1fa\U0001f1e6 \u6f22\u5b57",
    "nul\x00bell\x07esc\x1b lone\ud800end",
    "--><script src=//evil.example/x.js></script><!--",
)

HOSTILE_URLS = (
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example/x",
    "http://good.example@evil.example/",
    'https://evil.example/"onmouseover="alert(1)',
    "https:\\\\evil.example",
    "http://[::1",
    "http://host:port/",
    "ftp://evil.example/x",
)


def _band(component: str, label: str, asked: float, days: int = 730) -> DailyBand:
    level = [
        asked * (1.12 - 0.18 * math.sin(math.pi * day / 365) ** 2) * min(1.0, (day + 20) / 90) for day in range(days)
    ]
    rounded = [round(value / 50) * 50.0 for value in level]
    return DailyBand(
        component=component,
        label=label,
        days=tuple(range(days)),
        p05=tuple(value * 0.80 for value in rounded),
        p25=tuple(value * 0.92 for value in rounded),
        p50=tuple(rounded),
        p75=tuple(value * 1.04 for value in rounded),
        p95=tuple(value * 1.12 for value in rounded),
        nominal=tuple(value * 1.01 for value in rounded),
        required=asked,
        required_from=90,
        required_to=days - 1,
    )


def _spans() -> tuple[UnitSpan, ...]:
    spans = []
    for nation, _, share, _ in NATIONS:
        for unit in range(1, 2 + round(share * 24)):
            clock = (unit * 183) % 900
            day = 0
            while day < 730:
                for state, length in (("deployable", 60), ("fill", 170), ("overlap", 13), ("not_ready", 660)):
                    if clock >= length:
                        clock -= length
                        continue
                    end = min(day + length - clock, 730)
                    clock = 0
                    if end > day:
                        task = "det-inf" if state == "fill" else ""
                        span = UnitSpan(
                            pool=f"{nation}-inf", unit=unit, from_day=day, to_day=end, state=state, task=task
                        )
                        spans.append(span)
                    day = end
    return tuple(spans)


def _requirements() -> tuple[RequirementResult, ...]:
    common: dict[str, Any] = {
        "measure": "people_in_place",
        "from_day": 90,
        "to_day": 729,
        "given": "trigger",
        "given_words": "the ceasefire has begun",
        "p_given": 0.42,
        "draws": 8192,
    }
    resting = BreaksFirst(cause="resting", share=0.71, what="task det-inf", day=214)
    cap = BreaksFirst(cause="national_cap", share=0.55, what="task train-team")
    return (
        RequirementResult(
            id="size",
            title="More than ten thousand in place",
            at_least=10_000,
            probability_required=0.8,
            estimate=0.62,
            low=0.609,
            high=0.630,
            judgement_low=0.41,
            judgement_high=0.78,
            status="fails",
            breaks_first=resting,
            **common,
        ),
        RequirementResult(
            id="training",
            title="The training group stays at strength nine days in ten",
            component="training",
            statistic="share_of_days",
            share=0.9,
            at_least=3_500,
            probability_required=0.8,
            estimate=0.861,
            low=0.853,
            high=0.868,
            judgement_low=0.66,
            judgement_high=0.95,
            status="undecided",
            breaks_first=cap,
            **common,
        ),
        RequirementResult(
            id="rest",
            title="Few tours begin too soon",
            statistic="mean",
            at_most=0.1,
            probability_required=0.9,
            estimate=0.973,
            low=0.969,
            high=0.976,
            judgement_low=0.93,
            judgement_high=0.99,
            status="holds",
            breaks_first=None,
            **{**common, "measure": "broken_dwell_share", "measure_words": "of tours begun too soon", "unit": "share"},
        ),
    )


def _assumptions() -> tuple[AssumptionRow, ...]:
    rows = [
        AssumptionRow(
            name="deployable_share",
            unit="share of army people",
            kind="pert",
            low=0.3,
            mode=0.4,
            high=0.5,
            central=0.4,
            rationale="Published estimates centre on two fifths; the spread covers training and sick leave.",
            sources=("S001",),
            grade="B",
            judged=True,
            move=0.34,
            move_error=0.02,
            move_on="size",
        ),
        AssumptionRow(
            name="gbr_people",
            unit="people",
            kind="claims",
            central=5_000,
            rationale="What was offered in public.",
            claims=("C002",),
            sources=("S002", "N-GBR", "https://ministry.example.org/offer"),
            grade="C",
            move=0.12,
            move_error=0.02,
            move_on="size",
        ),
        AssumptionRow(
            name="units_gbr", unit="units", kind="formula", formula="floor(gbr_people / 600)", central=8, rationale=""
        ),
        AssumptionRow(
            name="readiness_reserve",
            unit="probability",
            kind="beta",
            low=0.5,
            mode=0.7,
            high=0.85,
            central=0.69,
            rationale="Assumption: between the lowest and the highest published availability of comparable fleets.",
            judged=True,
            unsupported=True,
            move=0.01,
            move_error=0.02,
            move_on="training",
        ),
    ]
    return tuple(rows)


def _claims() -> tuple[ClaimRow, ...]:
    url = "https://news.example.org/2025/09/05/plan?id=1&lang=en"
    return (
        ClaimRow(
            id="C001",
            date="2025-09-05",
            speaker="unnamed European diplomat",
            statement="The chiefs' plan already carries commitments above ten thousand troops",
            source="S001",
            outlet="A daily paper via a relay",
            url=url,
            reliability="C",
            credibility="3",
            stance="will_send",
            origin="daily-diplomat",
        ),
        ClaimRow(
            id="C002",
            date="2025-04",
            speaker="a defence secretary",
            statement="Up to 5,000 people were offered, subject to a vote in parliament",
            source="S002",
            outlet="A ministry",
            url="https://ministry.example.org/",
            reliability="B",
            credibility="2",
            stance="conditional",
            used=False,
        ),
    )


def realistic() -> ReportContent:
    """A report as a run of the reference plan would fill it."""
    burden = tuple(
        NationBurden(
            nation=code,
            name=name,
            people_days=share * 7_000_000,
            share=share,
            army_people=army,
            army_address=f"fact/N-{code}",
            share_of_army=share * 7_000_000 / 730 / army if army else None,
            bog_days=share * 11_000,
            tours=share * 60,
            broken_dwell_share=0.04 if code != "SWE" else None,
        )
        for code, name, share, army in NATIONS
    )
    dwell = tuple(
        PoolDwell(
            pool=f"{code}-inf",
            nation=code,
            policy="one_in_five",
            floor_days=720.0,
            mean_dwell_days=720.0 * (0.8 + share * 2.2),
            low_dwell_days=720.0 * (0.6 + share * 2.2),
            high_dwell_days=720.0 * (0.95 + share * 2.2),
            tours=share * 60,
            broken=share * 60 * (0.3 if share < 0.1 else 0.05),
        )
        for code, _, share, _ in NATIONS
    )
    shortfalls = tuple(
        Shortfall(task=task, cause=cause, share=share, missed_unit_days=missed)
        for task, missed, causes in (
            ("det-inf", 812.0, (("resting", 0.61), ("not_ready", 0.2), ("national_cap", 0.12), ("in_transit", 0.07))),
            ("det-air-defence", 420.0, (("too_few", 0.9), ("committed", 0.1))),
            ("train-team", 96.0, (("national_cap", 0.55), ("not_joined", 0.45))),
        )
        for cause, share in causes
    )
    origins = (
        OriginMove(
            origin="daily-diplomat",
            requirement="size",
            estimate_without=0.33,
            low=0.29,
            high=0.37,
            move=-0.29,
            draws_kept=512,
        ),
        OriginMove(
            origin="speaker-defence-secretary",
            requirement="training",
            estimate_without=0.9,
            low=0.893,
            high=0.906,
            move=0.039,
            draws_kept=8192,
            rerun=True,
        ),
    )
    return ReportContent(
        title="A reassurance force of two ground components",
        verdict="fails",
        joint_probability=0.57,
        as_of="2025-09-05",
        c_day="2026-01-01",
        compiled="2025-11-30",
        horizon_days=730,
        draws=8192,
        seed=1,
        run_id="20260101T120000Z-1a2b3c4d",
        version="0.1.0",
        requirements=_requirements(),
        daily=(_band("deterrence", "Deterrence", 6_500.0), _band("training", "Training and assistance", 3_500.0)),
        burden=burden,
        dwell=dwell,
        timelines=_spans(),
        largest_force=LargestForce(
            scale=0.87,
            people=8_700,
            limiting="air defence batteries: every one of them is out or resting from day 180 on",
            asked_people=10_000,
            bound_scale=0.89,
            method="optimiser, gap 0.4% of demand",
        ),
        shortfalls=shortfalls,
        assumptions=_assumptions(),
        origins=origins,
        claims=_claims(),
        facts=(
            FactRow(
                id="N-GBR",
                nation="GBR",
                attribute="army_active_personnel",
                value=72_000,
                unit="persons",
                year="2024",
                url="https://ministry.example.org/strength",
                grade="B",
            ),
        ),
        sources=(
            SourceRow(
                id="S001",
                outlet="A daily paper via a relay",
                url="https://news.example.org/2025/09/05/plan?id=1&lang=en",
                date="2025-09-05",
                reliability="C",
                reason="Relay of a paywalled report; original not read",
            ),
            SourceRow(id="S002", outlet="A ministry", url="https://ministry.example.org/", reliability="B"),
        ),
        limits=("Units are counts at home garrisons, never live positions.", "Sea pledges are counted, not simulated."),
    )


_KEPT = {"status", "verdict", "statistic"}


def _poison(value: Any, text: str, url: str) -> Any:
    """The same value with every text in it replaced."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {
            field.name: url if field.name == "url" else _poison(getattr(value, field.name), text, url)
            for field in dataclasses.fields(value)
            if field.name not in _KEPT
        }
        return dataclasses.replace(value, **changes)
    if isinstance(value, tuple):
        return tuple(_poison(item, text, url) for item in value)
    return text if isinstance(value, str) else value


def slim() -> ReportContent:
    """The realistic content with every kind of row, but few of each: quick to draw."""
    full = realistic()
    return dataclasses.replace(
        full,
        daily=(_band("deterrence", "Deterrence", 6_500.0, days=120),),
        burden=full.burden[:2],
        dwell=full.dwell[:2],
        timelines=full.timelines[:12],
        shortfalls=full.shortfalls[:2],
    )


def poisoned(text: str, url: str) -> ReportContent:
    """The slim content with every text replaced by ``text`` and every url by ``url``."""
    content: ReportContent = _poison(slim(), text, url)
    return content
