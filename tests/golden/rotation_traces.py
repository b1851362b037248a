"""Rotation traces worked by hand: small plans of at most forty days, every event written down, none computed.

How to read: ``a0`` is unit 0 of pool a; "fills 4-6" means days 4, 5 and 6.  ``fill`` holds whole units by task and
``cause`` the index into ``outcome.CAUSES`` (0 = not short), one digit a day from day 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from holdfast.analyses.rotation.problem import (
    Nation,
    Phase,
    Policy,
    Pool,
    RotationLabels,
    RotationProblem,
    Substitution,
    Task,
    labelled,
)


@dataclass(frozen=True)
class World:
    """What some traces need beside pools, policies and tasks."""

    nations: Sequence[Nation] = ()
    phases: Sequence[Phase] = ()
    substitutions: Sequence[Substitution] = ()


@dataclass(frozen=True)
class Trace:
    """A plan and everything that must happen in it."""

    name: str
    pools: Sequence[Pool]
    policies: Sequence[Policy]
    tasks: Sequence[Task]
    days: int
    events: str  # lines "day what unit task"; within a day in the order in which they happen
    fill: Mapping[str, str | Sequence[float]]
    cause: Mapping[str, str] = field(default_factory=dict)
    dwell: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)  # by pool: tours, dwell days, broken
    world: World = field(default_factory=World)

    @property
    def lines(self) -> list[str]:
        """The events, one a line."""
        return [line.strip() for line in self.events.strip().splitlines()]

    def problem(self) -> tuple[RotationProblem, RotationLabels]:
        world = self.world
        return labelled(
            self.pools,
            self.policies,
            self.tasks,
            self.days,
            nations=world.nations,
            phases=world.phases,
            substitutions=world.substitutions,
        )


def at(clock: int, id: str, policy: str = "p", quantity: int = 1) -> Pool:
    """A pool whose units all have this clock on day 0."""
    return Pool(policy, quantity, id=id, start="fixed", start_clock_day=clock)


def nation_of(pool: Pool, nation: str, people: int = 1) -> Pool:
    return Pool(
        pool.policy, pool.quantity, id=pool.id, start=pool.start, start_clock_day=pool.start_clock_day, nation=nation,
        people_per_unit=people,
    )  # fmt: skip


RULES = [
    # The window opens at clock 4, on day 4: sent.  BOG 5 less overlap 2: fills 4-6, overlap 7-8, home on 9.
    # Demobilises 9-11, clock 0 on 12, sent on 16: fills 16-18, overlap 19-20, home 21, clock 0 on 24, sent on 28.
    # Dwell 4 (its clock on day 0 is 0), then 16 - 9 = 7 and 28 - 21 = 7: 18 in all; the least is 5, so one is broken.
    Trace(
        "rules 1, 2, 5, 6: a tour, its overlap, demobilisation, the next tour",
        [Pool("p", id="a")],
        [Policy("p", 12, 4, 10, bog_days=5, overlap_days=2, demobilisation_days=3, min_dwell_days=5)],
        [Task(id="X")],
        30,
        """
        4 sent a0 X
        7 overlap a0 X
        9 home a0 X
        16 sent a0 X
        19 overlap a0 X
        21 home a0 X
        28 sent a0 X
        """,
        fill={"X": "000011100000000011100000000011"},
        cause={"X": "555500055555555500055555555500"},
        dwell={"a": (3, 18, 1)},
    ),
    # Three units over a cycle of 20: clocks floor(0), floor(6.67) = 6, floor(13.33) = 13.  Window from 7: on day 0 only
    # a2 may go, on day 1 a1 (clock 7), on day 7 a0.  Tours of 4 days: a2 0-3, a1 1-4, a0 7-10; a2's clock is 0 on day
    # 4, so it goes again on day 11; a1's is 0 on day 5: day 12.  Two are asked for: day 11 finds a2, day 12 a1.
    Trace(
        "rule 1: start clocks are the floor of an even spread",
        [Pool("p", 3, id="a")],
        [Policy("p", 20, 7, bog_days=4)],
        [Task(2, id="X")],
        13,
        """
        0 sent a2 X
        1 sent a1 X
        4 home a2 X
        5 home a1 X
        7 sent a0 X
        11 home a0 X
        11 sent a2 X
        12 sent a1 X
        """,
        fill={"X": "1222100111112"},
    ),
    # The window is clock 5 alone.  Day 0: a (clock 5) goes, b (6) and c (4) may not.  Day 1: c (5) goes, b (7) not.
    # a's tour of 3 days ends on day 3.
    Trace(
        "rule 2: the first day of the window counts, its last does not",
        [at(5, "a"), at(6, "b"), at(4, "c")],
        [Policy("p", 10, 5, 6, bog_days=3)],
        [Task(2, id="X")],
        4,
        """
        0 sent a0 X
        1 sent c0 X
        3 home a0 X
        """,
        fill={"X": "1221"},
        cause={"X": "5005"},
    ),
    # Clocks 0 and 10.  Day 0: a1 goes, fills 0-3, overlap 4-5, home 6.  a0 (clock 5 on day 5): fills 5-8, overlap 9-10,
    # home 11.  a1 (clock 5 on 11): fills 11-14, overlap 15-16, home 17.  a0 (clock 5 on 16): fills 16-19.
    Trace(
        "rule 5: the slot is open from the first day of overlap",
        [Pool("p", 2, id="a")],
        [Policy("p", 20, 5, bog_days=6, overlap_days=2)],
        [Task(id="X")],
        20,
        """
        0 sent a1 X
        4 overlap a1 X
        5 sent a0 X
        6 home a1 X
        9 overlap a0 X
        11 home a0 X
        11 sent a1 X
        15 overlap a1 X
        16 sent a0 X
        17 home a1 X
        """,
        fill={"X": "11110111100111101111"},
    ),
    # The names are 1_Z.., 2_A10.., 2_A2..: as text A10 stands before A2.  Three tasks, two units: A2 stays empty, since
    # both units that fit it are committed to the others.
    Trace(
        "rule 3: lower priority number first, then the name as plain text",
        [at(5, "a", quantity=2)],
        [Policy("p", 10, 5, bog_days=9)],
        [Task(id="A2", priority=2), Task(id="A10", priority=2), Task(id="Z", priority=1)],
        3,
        """
        0 sent a0 Z
        0 sent a1 A10
        """,
        fill={"Z": "111", "A10": "111", "A2": "000"},
        cause={"A2": "777"},
    ),
    # Shares 49997/49998 and 49998/49999 differ by 4e-10: b is ahead, although a stands first in the records.
    Trace(
        "rule 4: shares of two policies are compared exactly",
        [at(49997, "a", "short"), at(49998, "b", "long")],
        [Policy("short", 49998, 0, bog_days=9), Policy("long", 49999, 0, bog_days=9)],
        [Task(id="X")],
        1,
        "0 sent b0 X",
        fill={"X": "1"},
    ),
    # 10/20 = 20/40: a tie, although d has waited more days.  Record order: pool c, its units by number, then d.
    Trace(
        "rule 4: equal shares go by record, then by unit number",
        [at(10, "c", "short", 2), at(20, "d", "long")],
        [Policy("short", 20, 0, bog_days=9), Policy("long", 40, 0, bog_days=9)],
        [Task(id="X"), Task(id="Y"), Task(id="Z")],
        1,
        """
        0 sent c0 X
        0 sent c1 Y
        0 sent d0 Z
        """,
        fill={"X": "1", "Y": "1", "Z": "1"},
    ),
    # a is at 12/20, b at 8/20.  The first task asks for reserves first and takes b; the second has no wish and takes a.
    Trace(
        "rule 4: the class asked for comes first, then the larger share",
        [
            Pool("p", id="a", component_class="active", start="fixed", start_clock_day=12),
            Pool("p", id="b", component_class="reserve", start="fixed", start_clock_day=8),
            Pool("p", id="c", component_class="reserve", start="fixed", start_clock_day=7),
        ],
        [Policy("p", 20, 0, bog_days=9)],
        [Task(id="X", source_first="reserve"), Task(id="Y", source_first="Uniform")],
        1,
        """
        0 sent b0 X
        0 sent a0 Y
        """,
        fill={"X": "1", "Y": "1"},
    ),
]

EARLY_END = [
    # Sent on day 0 at clock 2, X ends on day 3: home at clock 5 with 3 of 8 BOG days used.  Y begins on day 5 (clock
    # 7, in the window): 5 days are left, of which 3 fill: 5-7, overlap 8-9, home 10 with clock 0.  Clock 2 on day 12:
    # a full budget again, fills 12-15 until Y ends on 16.  Dwell: 0 - (-2) = 2 and 12 - 10 = 2; the second tour of
    # the first cycle does not count, but is a tour.
    Trace(
        "rule 7: home at the clock reached, the rest of the budget is kept and used",
        [at(2, "a")],
        [Policy("p", 20, 2, 18, bog_days=8, overlap_days=2)],
        [Task(id="X", to_day=3), Task(id="Y", from_day=5, to_day=16)],
        18,
        """
        0 sent a0 X
        3 home a0 X
        5 sent a0 Y
        8 overlap a0 Y
        10 home a0 Y
        12 sent a0 Y
        16 home a0 Y
        """,
        fill={"X": "111" + 15 * "0", "Y": "000001110000111100"},
        dwell={"a": (3, 4, 0)},
    ),
    # Sent at clock 2, 5 of 6 BOG days used when X ends on day 5: home at clock 7.  On day 8 the clock reaches 10:
    # 0 again and a full budget.  Clock 2 on day 10: sent to Y for six days, home 16, clock 2 on 18: sent again.
    # The second tour is in a new cycle, so it counts for dwell: 10 - 5 = 5, after 2; the third adds 18 - 16 = 2.
    Trace(
        "rule 1: a full cycle at home gives a full budget",
        [at(2, "a")],
        [Policy("p", 10, 2, bog_days=6)],
        [Task(id="X", to_day=5), Task(id="Y", from_day=9)],
        20,
        """
        0 sent a0 X
        5 home a0 X
        10 sent a0 Y
        16 home a0 Y
        18 sent a0 Y
        """,
        fill={"X": "11111" + 15 * "0", "Y": 10 * "0" + "1111110011"},
        dwell={"a": (3, 9, 0)},
    ),
    # Fills 0-2, overlap from 3.  X ends on day 4, in its overlap: rule 6, clock 0 on day 4, sent to Y on day 6.
    # Fills 6-8, overlap 9-11, home 12, sent on 14: fills 14-16, overlap 17.
    Trace(
        "rule 7: a unit in overlap when the task ends goes home by rule 6",
        [at(2, "a")],
        [Policy("p", 20, 2, 18, bog_days=6, overlap_days=3)],
        [Task(id="X", to_day=4), Task(id="Y", from_day=4)],
        18,
        """
        0 sent a0 X
        3 overlap a0 X
        4 home a0 X
        6 sent a0 Y
        9 overlap a0 Y
        12 home a0 Y
        14 sent a0 Y
        17 overlap a0 Y
        """,
        fill={"X": "1110" + 14 * "0", "Y": "000000111000001110"},
    ),
    # Sent at clock 2 of a cycle of 6; X ends on day 5 at clock 7, past the cycle: rule 6, demobilises 5-6, clock 0 on
    # day 7, sent on 9.  Fills 9-17 (BOG 10 less overlap 1), overlap 18, home 19.
    Trace(
        "rule 7: a unit whose clock has passed the cycle goes home by rule 6",
        [at(2, "a")],
        [Policy("p", 6, 2, bog_days=10, overlap_days=1, demobilisation_days=2)],
        [Task(id="X", to_day=5), Task(id="Y", from_day=5)],
        20,
        """
        0 sent a0 X
        5 home a0 X
        9 sent a0 Y
        18 overlap a0 Y
        19 home a0 Y
        """,
        fill={"X": "11111" + 15 * "0", "Y": 9 * "0" + 9 * "1" + "00"},
    ),
    # X ends on day 4 and has no group: a is home at once, at 24/40 ahead of b at 14/40, and goes again the same day
    # with 6 - 4 = 2 days of budget: home on 6.  Then b: 6-9.
    Trace(
        "rule 7: without a group a unit is home at once and may be sent the same day",
        [at(20, "a"), at(10, "b")],
        [Policy("p", 40, 3, bog_days=6)],
        [Task(id="X", to_day=4), Task(id="Y", from_day=4)],
        10,
        """
        0 sent a0 X
        4 home a0 X
        4 sent a0 Y
        6 home a0 Y
        6 sent b0 Y
        """,
        fill={"X": "1111000000", "Y": "0000111111"},
    ),
]

FOLLOW_ON = [
    # Window 3-4, BOG 8, overlap 2.  Day 0: a0 (clock 4) fills X 0-5, overlap from 6.  Day 3: b0 and b1 (clock 3) join.
    # Day 7: X ends.  a0 is in overlap: home, clock 0, not offered.  b0 and b1 (clock 7, outside the window) are offered
    # to Y, which wants one: b0, whose fill still ends on 3 + 6 = 9 and tour on 11.  b1 goes home at clock 7.
    # Day 10: a0 (clock 3) takes Y, fills 10-15, overlap 16-17, home 18.  b0 (clock 0 on 11) could go on 14 and 15 only.
    Trace(
        "rule 8: offered outside the window, not from overlap; the unused go home",
        [at(4, "a"), at(0, "b", quantity=2)],
        [Policy("p", 30, 3, 5, bog_days=8, overlap_days=2)],
        [Task(3, id="X", to_day=7, group="g"), Task(1, id="Y", from_day=7, group="g")],
        20,
        """
        0 sent a0 X
        3 sent b0 X
        3 sent b1 X
        6 overlap a0 X
        7 home a0 X
        7 follow-on b0 Y
        7 home b1 X
        9 overlap b0 Y
        10 sent a0 Y
        11 home b0 Y
        16 overlap a0 Y
        18 home a0 Y
        """,
        fill={"X": "1113332" + 13 * "0", "Y": "00000001101111110000"},
        dwell={"a": (2, 4 + 3, 0), "b": (2, 3 + 3, 0)},
    ),
    # Day 0: a (20/40) is ahead of b (5/12).  Day 4: b (9/12) is ahead of a (24/40) and would go first from home, but
    # the follow-on comes before: a goes on to the end of its tour on day 6, then b goes.
    Trace(
        "rule 8: follow-on comes before units at home",
        [at(20, "a", "long"), at(5, "b", "short")],
        [Policy("long", 40, 3, bog_days=6), Policy("short", 12, 3, bog_days=6)],
        [Task(id="X", to_day=4, group="g"), Task(id="Y", from_day=4, group="g")],
        8,
        """
        0 sent a0 X
        4 follow-on a0 Y
        6 home a0 Y
        6 sent b0 Y
        """,
        fill={"X": "11110000", "Y": "00001111"},
    ),
    # Y belongs to another group.  a is set aside until the passes are over, so b goes although a is ahead.
    Trace(
        "rule 8: another group takes nobody over",
        [at(20, "a"), at(10, "b")],
        [Policy("p", 40, 3, bog_days=6)],
        [Task(id="X", to_day=4, group="g"), Task(id="Y", from_day=4, group="h")],
        6,
        """
        0 sent a0 X
        4 sent b0 Y
        4 home a0 X
        """,
        fill={"X": "111100", "Y": "000011"},
    ),
]

MORE = [
    # Readiness 0: each window opens with a failure.  a fails on day 4, is out 4-6, goes on 7 (clock 7): 7-10, home 11;
    # clock 4 on 15: fails again, goes on 18.  b's window is clocks 4 and 5: out until it is over, in both cycles.
    Trace(
        "readiness: drawn once a cycle when the window opens; out for the days stated",
        [
            Pool("wide", id="a", readiness=0.0, not_ready_days=3),
            Pool("narrow", id="b", readiness=0.0, not_ready_days=3, unit_type="B"),
        ],
        [Policy("wide", 12, 4, bog_days=4), Policy("narrow", 12, 4, 6, bog_days=4)],
        [Task(id="X"), Task(id="Y", unit_type="B")],
        22,
        """
        4 failed a0
        4 failed b0
        7 sent a0 X
        11 home a0 X
        15 failed a0
        16 failed b0
        18 sent a0 X
        """,
        fill={"X": 7 * "0" + "1111" + 7 * "0" + "1111", "Y": 22 * "0"},
        cause={"X": "5555666000055556660000", "Y": "5555665555555555665555"},
    ),
    # Its clock runs from day 0: on day 5 it is 5, in the window.  Until then: not joined.
    Trace(
        "joining: clocks run before; units go from the day of joining",
        [Pool("p", id="a", available_from_day=5)],
        [Policy("p", 10, 4, 6, bog_days=4)],
        [Task(id="X")],
        8,
        "5 sent a0 X",
        fill={"X": "00000111"},
        cause={"X": "44444000"},
    ),
    # Clocks 0 and 15: a1 goes.  The nation withdraws on day 6, deployed units within 3 days.  a0, at home, is gone on
    # 6; b's tour ends on 7: gone; a1 fills until day 8 and is gone on 9.
    Trace(
        "withdrawing: home units at once, deployed ones at their tour's end or after the days allowed",
        [
            Pool("long", 2, id="a", nation="N", available_to_day=6),
            Pool("short", id="b", nation="N", available_to_day=6, unit_type="B"),
        ],
        [Policy("long", 30, 0, bog_days=20), Policy("short", 30, 0, bog_days=7)],
        [Task(id="X"), Task(id="Y", unit_type="B")],
        11,
        """
        0 sent a1 X
        0 sent b0 Y
        6 gone a0
        7 home b0 Y
        7 gone b0
        9 gone a1
        """,
        fill={"X": "11111111100", "Y": "11111110000"},
        cause={"X": "00000000044", "Y": "00000004444"},
        world=World(nations=[Nation("N", withdrawal_days=3)]),
    ),
    # Three units, one remains from day 5.  a0 and a1 are deployed (equal clocks, lowest numbers first): a2 is gone on
    # 5, a1 two days later.
    Trace(
        "a cut takes the highest unit numbers",
        [Pool("p", 3, id="a", nation="N", cut_day=5, cut_quantity=1, start="fixed")],
        [Policy("p", 30, 0, bog_days=20)],
        [Task(2, id="X")],
        9,
        """
        0 sent a0 X
        0 sent a1 X
        5 gone a2
        7 gone a1
        """,
        fill={"X": "222222211"},
        cause={"X": "000000044"},
        world=World(nations=[Nation("N", withdrawal_days=2)]),
    ),
    # Fills 0-3; nobody relieves it, so it is extended on day 4, at most 3 days: overlap on 7, home on 9.
    Trace(
        "extension: without relief to its limit, the overlap after it",
        [at(5, "a")],
        [Policy("p", 30, 5, bog_days=6, overlap_days=2, max_extension_days=3)],
        [Task(id="X")],
        12,
        """
        0 sent a0 X
        4 extended a0 X
        7 overlap a0 X
        9 home a0 X
        """,
        fill={"X": "111111100000"},
        cause={"X": "000000055555"},
    ),
    # As before, but b reaches its window on day 5 and relieves a: a's overlap is 5-6, home 7.  b fills 5-8, is extended
    # on 9 and relieved on 12 by a (clock 0 on 7, so 5 on 12); b's overlap is 12-13.
    Trace(
        "extension: ends when the relief is sent",
        [at(5, "a"), at(0, "b")],
        [Policy("p", 30, 5, bog_days=6, overlap_days=2, max_extension_days=3)],
        [Task(id="X")],
        15,
        """
        0 sent a0 X
        4 extended a0 X
        5 sent b0 X
        5 overlap a0 X
        7 home a0 X
        9 extended b0 X
        12 overlap b0 X
        12 sent a0 X
        14 home b0 X
        """,
        fill={"X": 15 * "1"},
    ),
    # Extended on day 4, X ends on 6: its fill is over, so rule 6: clock 0 on day 6, sent to Y on 11.
    Trace(
        "extension: an extended unit whose task ends goes home by rule 6",
        [at(5, "a")],
        [Policy("p", 30, 5, bog_days=6, overlap_days=2, max_extension_days=3)],
        [Task(id="X", to_day=6), Task(id="Y", from_day=6)],
        13,
        """
        0 sent a0 X
        4 extended a0 X
        6 home a0 X
        11 sent a0 Y
        """,
        fill={"X": "1111110000000", "Y": "0000000000011"},
    ),
    # X asks for 0.8; b0 is worth 0.5 and ranks before c0, worth 1.0: both go.  Their fill ends on day 2; b0 is extended
    # (0.5), then c0 (1.5).  On day 3 b0 is not needed any more: overlap 3-4, home 5.  c0 reaches its limit on day 5.
    Trace(
        "extension: a unit that is not needed once another is extended is released",
        [
            Pool("p", id="b", unit_type="B", start="fixed", start_clock_day=6),
            Pool("p", id="c", unit_type="C", start="fixed", start_clock_day=6),
        ],
        [Policy("p", 20, 5, bog_days=4, overlap_days=2, max_extension_days=3)],
        [Task(0.8, id="X", unit_type="A")],
        7,
        """
        0 sent b0 X
        0 sent c0 X
        2 extended b0 X
        2 extended c0 X
        3 overlap b0 X
        5 home b0 X
        5 overlap c0 X
        """,
        fill={"X": (1.5, 1.5, 1.5, 1, 1, 0, 0)},
        world=World(substitutions=[Substitution("A", "B", 0.5, rank=1), Substitution("A", "C", 1.0, rank=2)]),
    ),
    # Peace: cycle 20, window from 10, overlap 2.  Surge from day 6: cycle 12, window from 4, no overlap.
    # a (clock 10) goes on day 0 under peace: fills 0-5, overlap 6-7 although surge has none, home 8.
    # b's clock is 6 on day 6, in the surge window: fills 6-13, home 14.  a (clock 0 on 8) goes on 12.
    # c's clock is 13 on day 6, past the surge cycle: 0 that day, 4 on day 10, when it goes.
    Trace(
        "phases: home units follow the new policy at once, deployed ones finish the old",
        [
            at(10, "a"),
            at(0, "b"),
            Pool("p", id="c", start="fixed", start_clock_day=7, unit_type="B"),
        ],
        [
            Policy("p", 20, 10, bog_days=8, overlap_days=2, phase="peace"),
            Policy("p", 12, 4, bog_days=8, phase="surge"),
        ],
        [Task(2, id="X"), Task(id="Y", unit_type="B", from_day=6)],
        16,
        """
        0 sent a0 X
        6 overlap a0 X
        6 sent b0 X
        8 home a0 X
        10 sent c0 Y
        12 sent a0 X
        14 home b0 X
        """,
        fill={"X": "1111111111112211", "Y": 10 * "0" + 6 * "1"},
        world=World(phases=[Phase("peace", 0), Phase("surge", 6)]),
    ),
    # X at north takes the forward pool f, though it stands last in the records.  Y takes the permanent m before the
    # rotating r, then r (home on 6).  s is on call and never goes; f may not go south: Y is one short on day 6, when
    # r and s rest.  Y ends on 7: m is free at once and goes to Z.
    Trace(
        "postures: forward at its place, permanent before rotating, stand-by never",
        [
            at(10, "r"),
            Pool(id="m", posture="permanent"),
            Pool(id="s", posture="standby"),
            Pool(id="f", posture="forward", home_place="north"),
        ],
        [Policy("p", 20, 2, bog_days=6)],
        [
            Task(id="X", place="north", to_day=4),
            Task(2, id="Y", place="south", to_day=7),
            Task(id="Z", place="south", from_day=7),
        ],
        9,
        """
        0 sent f0 X
        0 sent m0 Y
        0 sent r0 Y
        4 home f0 X
        6 home r0 Y
        7 home m0 Y
        7 sent m0 Z
        """,
        fill={"X": "111100000", "Y": "222222100", "Z": "000000011"},
        cause={"Y": "000000500"},
        dwell={"r": (1, 10, 0), "m": (2, 0, 0), "f": (1, 0, 0), "s": (0, 0, 0)},
    ),
    # X asks for 1.7 of type A.  a is of the type; b (type B, half a unit each) stands first and is ahead, but ranks
    # behind: a0 (1.0), b0 (1.5), b1 (2.0).  b2 is not needed.  The 0.3 above the demand never make up for the short
    # days 2 and 3 (a's tour is 2 days: 1.0 of 1.7 with b0 and b1, then b2: 1.5): missed 0.2 a day.
    Trace(
        "substitution: by rank, each unit worth its effectiveness, overfill pays for nothing",
        [
            Pool("p", 3, id="b", unit_type="B", start="fixed", start_clock_day=9),
            Pool("q", 1, id="a", unit_type="A", start="fixed", start_clock_day=5),
        ],
        [Policy("p", 20, 0, bog_days=9), Policy("q", 20, 5, bog_days=2)],
        [Task(1.7, id="X", unit_type="A")],
        4,
        """
        0 sent a0 X
        0 sent b0 X
        0 sent b1 X
        2 home a0 X
        2 sent b2 X
        """,
        fill={"X": (2, 2, 1.5, 1.5)},
        world=World(substitutions=[Substitution("A", "B", 0.5, rank=1)]),
    ),
    # Sent on 0, there on 2: fills 2-3, overlap on 4, when a1 is sent, there on 6: fills 6-7, overlap 8.  While a unit
    # is under way the slot is taken.  On day 8 a0 (clock 3) and a1 (overlap) rest.
    Trace(
        "arrival: fill starts later, the tour's end does not move",
        [Pool("p", 2, id="a", start="fixed", start_clock_day=6, arrival_delay_days=2)],
        [Policy("p", 20, 5, bog_days=5, overlap_days=1)],
        [Task(id="X")],
        9,
        """
        0 sent a0 X
        4 overlap a0 X
        4 sent a1 X
        5 home a0 X
        8 overlap a1 X
        """,
        fill={"X": "001100110"},
        cause={"X": "110011005"},
    ),
    # N may have 5 people out, its units have 3: a0 goes, a1 is passed over, b of another nation goes.  One of three is
    # missing because of the cap.  Day 3: a0 and b0 hand over and do not count, so a1 may go; a0 and b0 rest.
    # Day 6: a1 hands over; all rest (a0 and b0 have clock 1).
    Trace(
        "cap: a unit that would break it is passed over; handover does not count",
        [nation_of(at(6, "a", quantity=2), "N", people=3), nation_of(at(6, "b"), "M", people=3)],
        [Policy("p", 20, 5, bog_days=5, overlap_days=2)],
        [Task(3, id="X")],
        8,
        """
        0 sent a0 X
        0 sent b0 X
        3 overlap a0 X
        3 overlap b0 X
        3 sent a1 X
        5 home a0 X
        5 home b0 X
        6 overlap a1 X
        """,
        fill={"X": "22211100"},
        cause={"X": "22255555"},
        world=World(nations=[Nation("N", max_people_deployed=5)]),
    ),
    # One call-up: home on day 2, and never again, although clock 2 is reached on days 4 and 10.
    Trace(
        "call-ups: a unit that has served them all stays at home",
        [at(2, "a")],
        [Policy("p", 6, 2, bog_days=2, max_callups=1)],
        [Task(id="X")],
        12,
        """
        0 sent a0 X
        2 home a0 X
        """,
        fill={"X": "110000000000"},
        cause={"X": "005555555555"},
    ),
    # One unit for two: too few exist.  When the unit goes home on day 2 there are still too few.
    Trace(
        "cause: fewer units exist than are asked for",
        [at(5, "a")],
        [Policy("p", 20, 5, bog_days=2)],
        [Task(2, id="X")],
        3,
        """
        0 sent a0 X
        2 home a0 X
        """,
        fill={"X": "110"},
        cause={"X": "333"},
    ),
]

TRACES = [*RULES, *EARLY_END, *FOLLOW_ON, *MORE]
