"""What a report is made of: plain, frozen data that a run folder can give back at any time.

Nothing here computes.  Probabilities and shares are fractions from 0 to 1, days are whole days from C-day, people are
heads.  A number that does not exist is None (never 0 and never NaN).  Every text may come from a plan or from a
stranger's claim; it is data, escaped where it is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["holds", "fails", "undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreaksFirst:
    """The most frequent cause at the earliest breach, among the draws in which a requirement is not met."""

    cause: str  # a code of the analysis ("resting"); printed in words by ``wording.cause_words``
    share: float  # of the failing draws
    what: str = ""  # the row that falls short ("task det-inf"), in the plan's own words
    day: int | None = None  # median day of the earliest breach among those draws


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementResult:
    """One requirement as the plan states it, and how it came out."""

    id: str
    title: str
    measure: str  # registered name ("people_in_place")
    measure_words: str = ""  # "people in place"; blank = the name with its underscores opened
    unit: str = ""  # of the measure; "share" is printed as a percentage
    component: str = ""
    nation: str = ""
    place: str = ""
    statistic: str = "every_day"  # every_day | mean | share_of_days | last_day
    at_least: float | None = None
    at_most: float | None = None
    share: float | None = None  # of days, for share_of_days
    from_day: int = 0
    to_day: int = 0  # last day, counted in
    given: str = ""  # id of the condition
    given_words: str = ""  # "the trigger has occurred"; blank = the id
    p_given: float | None = None  # P(given); None = unconditional
    draws: int  # draws in which ``given`` holds: what the sampling band rests on
    probability_required: float
    estimate: float  # P(met | given)
    low: float  # sampling band
    high: float
    judgement_low: float | None = None  # judgement band; None = the plan has no judged assumption
    judgement_high: float | None = None
    status: Status
    breaks_first: BreaksFirst | None = None  # None = no draw fails


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyBand:
    """One daily measure of one component: quantiles over draws, day by day.  All tuples have one value a day."""

    component: str  # id, as in the plan
    label: str = ""  # "Training and assistance"; blank = the id
    measure: str = "people_in_place"
    measure_words: str = "people in place"
    days: tuple[int, ...]
    p05: tuple[float, ...]
    p25: tuple[float, ...]
    p50: tuple[float, ...]
    p75: tuple[float, ...]
    p95: tuple[float, ...]
    nominal: tuple[float, ...] = ()  # the one draw with every assumption at its central value; () = not kept
    required: float | None = None  # what the plan asks for, from required_from to required_to (counted in)
    required_from: int = 0
    required_to: int | None = None  # None = to the last day
    required_is_floor: bool = True  # False: the requirement is at_most


@dataclass(frozen=True, slots=True, kw_only=True)
class NationBurden:
    """What one nation carries, as means over draws, beside the size of its army."""

    nation: str  # ISO3
    name: str = ""
    people_days: float  # deployed, fill and overlap
    share: float  # of all nations' people-days
    army_people: float | None = None
    army_address: str = ""  # row behind army_people ("fact/N101"); blank = the nation's row
    share_of_army: float | None = None  # mean people deployed over the horizon / army_people
    bog_days: float = 0.0  # unit-days deployed
    tours: float = 0.0
    broken_dwell_share: float | None = None  # of tours; None = no tours


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDwell:
    """Rest between tours of one pool, against the least that its policy promises."""

    pool: str
    nation: str = ""
    policy: str = ""  # id in policies.csv
    phase: str = ""
    floor_days: float | None = None  # None = the policy promises none
    mean_dwell_days: float | None = None  # None = no tours
    low_dwell_days: float | None = None  # 5th and 95th percentile over draws of the draw's mean
    high_dwell_days: float | None = None
    tours: float = 0.0  # mean over draws
    broken: float = 0.0  # mean over draws of tours that began below the floor


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSpan:
    """One unit in one state for a stretch of the nominal run."""

    pool: str
    unit: int
    from_day: int
    to_day: int  # first day on which the state no longer holds
    state: str  # fill | overlap | deployable | not_ready
    task: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LargestForce:
    """The largest force that the plan's pools can sustain: every task scaled by one factor."""

    scale: float  # 1 = the force that the plan asks for
    people: float
    limiting: str  # what stops it growing, in plain words
    asked_people: float | None = None
    bound_scale: float | None = None  # no plan can reach more; None = not computed
    method: str = ""  # "optimiser, gap 0.4%" or "simulated"
    address: str = "run/largest_force"  # what ``why`` explains it by; run/... = only the run folder has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """How much of one task's shortfall goes back to one cause."""

    task: str
    cause: str
    share: float  # of the task's short days, all draws
    missed_unit_days: float | None = None  # of the task, mean over draws; equal on all rows of a task


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumptionRow:
    """One assumption in full."""

    name: str
    unit: str
    kind: str  # fixed | uniform | pert | lognormal | beta | probability | claims | formula
    low: float | None = None
    mode: float | None = None
    high: float | None = None
    central: float | None = None
    formula: str = ""
    rationale: str = ""
    sources: tuple[str, ...] = ()  # ids of sources, facts or claims of this report, or web addresses
    claims: tuple[str, ...] = ()  # ids of ``ReportContent.claims``
    grade: str = ""
    judged: bool = False
    unsupported: bool = False  # meant to rest on claims, but no origin is left
    move: float | None = None  # |P(met | top third) - P(met | bottom third)|, largest over requirements
    move_error: float | None = None  # twice the standard error of the move
    move_on: str = ""  # id of the requirement that it moves most


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginMove:
    """How far one requirement moves when one origin is left out."""

    origin: str
    requirement: str  # id
    estimate_without: float
    low: float | None = None  # sampling band of estimate_without
    high: float | None = None
    move: float  # estimate_without - estimate
    draws_kept: int
    rerun: bool = False  # True: the same draws again without the origin


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """Somebody said something, dated."""

    id: str
    date: str
    speaker: str
    statement: str
    source: str = ""  # id of ``ReportContent.sources``
    outlet: str = ""
    url: str = ""
    reliability: str = ""  # A-F
    credibility: str = ""  # 1-6
    stance: str = ""
    origin: str = ""
    used: bool = True  # False: shown, but drives nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One published figure that the plan uses."""

    id: str
    nation: str
    attribute: str
    value: float | str
    unit: str = ""
    year: str = ""
    url: str = ""
    grade: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One outlet and page."""

    id: str
    outlet: str
    url: str = ""
    date: str = ""
    reliability: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """Everything that one report shows; ``page.render`` is a pure function of it."""

    title: str
    verdict: Status
    joint_probability: float | None = None  # P(all requirements met | their conditions)
    sentences: tuple[str, ...] = ()  # said after the verdict; blank = one sentence a requirement, made here
    as_of: str = ""  # ISO date; claims dated later are left out; blank = all claims
    c_day: str = ""  # ISO date
    compiled: str = ""  # ISO date
    horizon_days: int = 0
    draws: int = 0
    seed: int = 0
    run_id: str = ""
    version: str = ""
    interval_level: float = 0.95  # of the sampling bands
    requirements: tuple[RequirementResult, ...] = ()
    daily: tuple[DailyBand, ...] = ()
    burden: tuple[NationBurden, ...] = ()
    dwell: tuple[PoolDwell, ...] = ()
    timelines: tuple[UnitSpan, ...] = ()
    largest_force: LargestForce | None = None
    shortfalls: tuple[Shortfall, ...] = ()
    assumptions: tuple[AssumptionRow, ...] = ()
    origins: tuple[OriginMove, ...] = ()
    claims: tuple[ClaimRow, ...] = ()
    facts: tuple[FactRow, ...] = ()
    sources: tuple[SourceRow, ...] = ()
    limits: tuple[str, ...] = ()
