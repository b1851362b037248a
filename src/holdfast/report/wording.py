"""Numbers turned into plain English sentences.

Probabilities are said as futures in a hundred.  A likelihood and a confidence never share a sentence.
"""

from __future__ import annotations

from holdfast.report.content import LargestForce, ReportContent, RequirementResult, Status

HEADLINES: dict[str, str] = {
    "holds": "The plan holds",
    "fails": "The plan fails",
    "undecided": "Undecided: the evidence does not settle whether the plan holds",
}
STATUS_WORDS: dict[str, str] = {"holds": "holds", "fails": "fails", "undecided": "undecided"}

CAUSES: dict[str, str] = {
    "none": "the plan's tasks ask for less than is required",
    "": "the plan's tasks ask for less than is required",
    "in_transit": "enough units have been sent but not all have arrived",
    "national_cap": "units are ready but a nation's cap on people deployed forbids them",
    "too_few": "fewer units that fit exist than are asked for",
    "not_joined": "too many of the units have not joined yet, were cut or withdrew",
    "resting": "the units that could help are resting between tours",
    "not_ready": "the units that could help fail their readiness check",
    "committed": "the units that could help are deployed on other tasks",
}
SHORT_CAUSES: dict[str, str] = {
    "in_transit": "on their way",
    "national_cap": "national cap",
    "too_few": "too few exist",
    "not_joined": "not joined, cut or gone",
    "resting": "resting between tours",
    "not_ready": "not ready",
    "committed": "on other tasks",
}
_ICD_203 = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.00, "almost certain"),
)


def likelihood_word(probability: float) -> str:
    """The word of probability of Intelligence Community Directive 203 (2015), section D.6.e.(2)(a).

    The directive's bands stop at 1% and 99%; the outermost words are used beyond them.
    """
    return next((word for top, word in _ICD_203 if probability < top), _ICD_203[-1][1])


def plain(name: str) -> str:
    """A registered name with its underscores opened."""
    return name.replace("_", " ")


def cause_words(cause: str) -> str:
    """A cause of shortfall as a clause; an unknown code is printed as it is."""
    return CAUSES.get(cause, plain(cause))


def short_cause(cause: str) -> str:
    """A cause of shortfall in two or three words."""
    return SHORT_CAUSES.get(cause, plain(cause))


def number(value: float | None, digits: int = 0) -> str:
    """A number with a comma every three digits and at most ``digits`` decimals; None is a dash."""
    if value is None:
        return "–"
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def quantity(value: float | None) -> str:
    """A number of any size with about four figures: 0.4213, 17.5, 12,000."""
    if value is None:
        return "–"
    size = abs(value)
    if size and size < 1e-4:
        return f"{value:.2g}".replace("-", "−")
    return number(value, 4 if size < 1 else 2 if size < 100 else 1 if size < 1000 else 0)


def percent(share: float | None, digits: int = 0) -> str:
    """A share as a percentage of exactly ``digits`` decimals; one that is neither 0 nor 1 never reads 0% or 100%."""
    if share is None:
        return "–"
    least = 10.0**-digits
    if 0 < share and share * 100 < least / 2:
        return f"<{least:.{digits}f}%"
    if share < 1 and share * 100 > 100 - least / 2:
        return f">{100 - least:.{digits}f}%"
    text = f"{share * 100:,.{digits}f}%"
    return text.replace("-", "−")


def in_hundred(probability: float, against: float | None = None) -> str:
    """A probability as futures: ``62 of 100``.

    Two decimals' worth of futures are used where whole ones would hide the difference from ``against``.
    """
    if 0 < probability < 0.005:
        return "fewer than 1 of 100"
    if 0.995 <= probability < 1:
        return "more than 99 of 100"
    if against is not None and probability != against and round(probability * 100) == round(against * 100):
        return f"{number(probability * 10000)} of 10,000"
    return f"{number(probability * 100)} of 100"


def asked_for(requirement: RequirementResult) -> str:
    """What the requirement asks, to follow "the plan": "keeps at least 10,000 people in place every day from ..."."""
    what = requirement.measure_words or plain(requirement.measure)
    say = _share if requirement.unit == "share" else quantity
    at_least, at_most = requirement.at_least, requirement.at_most
    bounds = [f"at least {say(at_least)}" if at_least is not None else ""]
    bounds.append(f"at most {say(at_most)}" if at_most is not None else "")
    size = " and ".join(bound for bound in bounds if bound) or "the required"
    of_whom = [f"in {requirement.component}" if requirement.component else ""]
    of_whom.append(f"from {requirement.nation}" if requirement.nation else "")
    of_whom.append(f"at {requirement.place}" if requirement.place else "")
    where = "".join(f" {part}" for part in of_whom if part)
    verb = "averages" if requirement.statistic == "mean" else "keeps"
    return f"{verb} {size} {what}{where} {_when(requirement)}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{number(100 * value, 2)}%"


def _when(requirement: RequirementResult) -> str:
    span = f"from day {number(requirement.from_day)} to day {number(requirement.to_day)}"
    if requirement.statistic == "every_day":
        return f"every day {span}"
    if requirement.statistic == "share_of_days":
        return f"on {_share(requirement.share)} of days {span}"
    if requirement.statistic == "last_day":
        return f"on day {number(requirement.to_day)}"
    return f"over the days {span}" if requirement.statistic == "mean" else span


def met_sentence(requirement: RequirementResult) -> str:
    """How often the requirement is met, and how often was asked."""
    asked = requirement.probability_required
    return (
        f"In {in_hundred(requirement.estimate, asked)} simulated futures the plan {asked_for(requirement)}; "
        f"{number(asked * 100, 2)} of 100 were asked for."
    )


def breaks_sentence(requirement: RequirementResult) -> str:
    """What breaks the requirement first, or that nothing does."""
    first = requirement.breaks_first
    if first is None:
        return "" if requirement.estimate < 1 else "It was met in every future simulated."
    where = f" ({first.what})" if first.what else ""
    when = f", typically on day {number(first.day)}" if first.day is not None else ""
    lead = "Where it breaks, it" if requirement.status == "holds" else "It"
    return (
        f"{lead} most often breaks first because {cause_words(first.cause)}{where}{when}; "
        f"that comes first in {percent(first.share)} of the futures that fail."
    )


def given_sentence(requirement: RequirementResult) -> str:
    """What the probability is conditional on, and how probable that condition is itself."""
    condition = requirement.given_words or plain(requirement.given)
    if not condition:
        return "This is conditional on nothing."
    if requirement.p_given is None:
        return f"This is conditional on: {condition}."
    return (
        f"This is conditional on: {condition}. "
        f"The condition itself comes about in {in_hundred(requirement.p_given)} simulated futures."
    )


def sampling_sentence(requirement: RequirementResult, level: float) -> str:
    """The band that more draws would narrow."""
    return (
        f"Sampling error: the {_share(level)} interval runs from {percent(requirement.low, 1)} to "
        f"{percent(requirement.high, 1)} over {number(requirement.draws)} independent draws; more draws narrow it."
    )


def judgement_sentence(requirement: RequirementResult) -> str:
    """The band that no number of draws can narrow."""
    low, high = requirement.judgement_low, requirement.judgement_high
    if low is None or high is None:
        return "Judgement: this plan has no judged assumption that bears on it."
    return (
        "Judgement: reading each judged assumption in turn at its low and its high end gives anything from "
        f"{percent(low, 1)} to {percent(high, 1)}; only better evidence narrows it."
    )


def reason_sentence(requirement: RequirementResult) -> str:
    """Why the status is what it is."""
    asked = f"the {number(requirement.probability_required * 100, 2)} of 100 asked for"
    if requirement.status == "holds":
        return f"It holds: even the low end of the sampling band reaches {asked}."
    if requirement.status == "fails":
        return f"It fails: even the high end of the sampling band stays below {asked}."
    if requirement.low < requirement.probability_required <= requirement.high:
        low, high = requirement.judgement_low, requirement.judgement_high
        both = low is not None and high is not None and low < requirement.probability_required <= high
        bands = "both bands lie" if both else "the sampling band lies"
        return f"It is undecided: {bands} on both sides of {asked}."
    return f"It is undecided: the answer changes within the judgement band, on both sides of {asked}."


def verdict_sentences(content: ReportContent) -> tuple[str, ...]:
    """One sentence on how many requirements come out how, and one on their joint probability."""
    count = len(content.requirements)
    if not count:
        return ("The plan states no requirement, so there is nothing to judge.",)
    told = [_tally(content.requirements, status) for status in ("fails", "undecided", "holds")]
    said = f"Of {number(count)} requirement{'s' * (count != 1)}, {', '.join(part for part in told if part)}."
    if content.joint_probability is None:
        return (said,)
    return said, f"All are met together in {in_hundred(content.joint_probability)} simulated futures."


def _tally(requirements: tuple[RequirementResult, ...], status: Status) -> str:
    count = sum(requirement.status == status for requirement in requirements)
    words = {"holds": ("holds", "hold"), "fails": ("fails", "fail"), "undecided": ("is undecided", "are undecided")}
    return f"{number(count)} {words[status][count != 1]}" if count else ""


def largest_sentence(force: LargestForce) -> str:
    """The largest force that the pools can sustain, against the one asked for."""
    asked = f"the {number(force.asked_people)} asked for" if force.asked_people is not None else "the plan's own size"
    said = (
        f"The largest force found that these units can sustain is about {number(force.people)} people, "
        f"{percent(force.scale)} of {asked}."
    )
    if force.bound_scale is None:
        return said
    return f"{said} No rotation of these units can sustain more than {_share(force.bound_scale)}."
