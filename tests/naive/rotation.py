"""The slow twin of the rotation simulator: one object a unit, one loop over days, every unit looked at every time.

Written from the rules, not from the kernel, so that the two can disagree.  :class:`Broken` breaks one rule at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from holdfast.analyses.rotation.outcome import RotationOutcome
from holdfast.analyses.rotation.problem import RotationProblem
from holdfast.base.streams import stream_key, uniforms
from tests.naive.rotation_broken import Broken

ROTATING, PERMANENT, STANDBY, FORWARD = range(4)
FOREVER = 2**40
Event = tuple[int, str, tuple[int, int], int]
"""Day, what happened, (pool, unit number), task (-1 = none)."""


@dataclass
class Unit:
    """One unit: where it is and what it has done."""

    pool: int
    number: int
    birth: int  # day on which its clock was 0
    leave: int  # from this day at home = gone
    forced: int  # on this day gone, whatever it does
    status: str = "home"  # home, demob, task, overlap, pending, held, gone
    used: int = 0  # BOG days of this cycle, up to the last coming home
    cycle: int = 0
    drawn: int = -1  # cycle in which readiness was drawn
    out_until: int = -FOREVER
    last_home: int = 0
    tours: int = 0
    task: int = -1
    sent: int = 0
    arrives: int = 0
    fill_end: int = 0
    tour_end: int = 0
    phase: int = 0  # phase whose policy it left with
    extended_since: int = -1  # -1 = not extended


@lru_cache(maxsize=200_000)
def uniform(key: int, stream: int, draw: int, unit: int, index: int) -> float:
    return float(uniforms(key, stream, draw, unit, index))


def per_draw(array: np.ndarray, draw: int) -> list[int]:
    return array[draw if len(array) > 1 else 0].tolist()


class World:
    """One draw of one problem."""

    def __init__(self, problem: RotationProblem, draw: int, broken: Broken, events: list[Event]) -> None:
        self.p, self.x, self.events = problem, broken, events
        self.draw = problem.first_draw + draw
        (self.quantity, self.people, self.joins, self.goes, self.cut_day, self.cut_to) = (
            per_draw(array, draw)
            for array in (
                problem.quantity,
                problem.people_per_unit,
                problem.available_from_day,
                problem.available_to_day,
                problem.cut_day,
                problem.cut_quantity,
            )
        )
        self.readiness = per_draw(problem.readiness, draw)
        self.out_days = per_draw(problem.not_ready_days, draw)
        self.delay = per_draw(problem.arrival_delay_days, draw)
        self.wanted = per_draw(problem.task_quantity, draw)
        self.starts = per_draw(problem.task_from_day, draw)
        self.ends = per_draw(problem.task_to_day, draw)
        self.cap = per_draw(problem.max_people_deployed, draw)
        self.pools, self.tasks = range(len(self.quantity)), range(len(self.wanted))
        self.task_order = list(reversed(self.tasks)) if broken.tasks_in_reverse else list(self.tasks)
        self.posture = problem.posture.tolist()
        self.t, self.now = 0, self.phase_on(0)
        self.units = [self.new_unit(pool, i) for pool in self.pools for i in range(self.quantity[pool])]
        self.dwell = [0 for _ in self.pools]
        self.broken_dwell = [0 for _ in self.pools]

    def new_unit(self, pool: int, i: int) -> Unit:
        """A unit at home on day 0 with its start clock (rule 1)."""
        n, leave, clock = self.quantity[pool], self.goes[pool], 0
        cut = i < n - self.cut_to[pool] if self.x.lowest_numbers_cut else i >= self.cut_to[pool]
        if cut:
            leave = min(leave, self.cut_day[pool])
        if self.x.withdrawal_ignored:
            leave = FOREVER
        extra = 0 if self.x.withdrawal_at_once else int(self.p.withdrawal_days[self.p.nation[pool]])
        if self.posture[pool] == ROTATING:
            cycle = int(self.p.cycle_days[self.p.policy[pool], self.now])
            how = int(self.p.start[pool])
            if how == 0:
                clock = -(-i * cycle // n) if self.x.start_rounds_up else i * cycle // n
                clock = 0 if self.x.start_all_at_zero else clock
            elif how == 1:
                clock = int(self.p.start_clock_day[pool]) % cycle
            else:
                clock = int(self.random("rotation.start", pool, i, 0) * cycle)
        if self.x.clock_starts_on_joining:
            clock -= max(0, self.joins[pool])
        return Unit(pool, i, birth=-clock, leave=leave, forced=leave + extra, last_home=-clock)

    def random(self, purpose: str, pool: int, unit: int, index: int) -> float:
        return uniform(stream_key(self.p.seed, purpose), int(self.p.stream[pool]), self.draw, unit, index)

    def policy(self, unit: Unit, column: str, phase: int) -> int:
        return int(getattr(self.p, column)[self.p.policy[unit.pool], phase])

    def rule(self, unit: Unit, column: str) -> int:
        """What the policy of today says."""
        return self.policy(unit, column, self.now)

    def left(self, unit: Unit, column: str) -> int:
        """What the policy that the unit left with says."""
        return self.policy(unit, column, self.now if self.x.phase_binds_deployed else unit.phase)

    def rotates(self, unit: Unit) -> bool:
        return self.posture[unit.pool] == ROTATING

    def note(self, what: str, unit: Unit, task: int = -1) -> None:
        self.events.append((self.t, what, (unit.pool, unit.number), task))

    def phase_on(self, t: int) -> int:
        days = [] if self.x.phases_ignored else self.p.phase_from_day.tolist()
        return max((f for f, day in enumerate(days) if day <= t), default=0)

    # ---- (1) clocks, tours, tasks, joining and leaving

    def begin(self, t: int) -> None:
        self.t, before = t, self.now
        self.now = self.phase_on(t)
        for unit in self.units:
            if unit.status == "home":
                self.turn_cycle(unit, before)
            if unit.status in ("task", "overlap"):
                self.move_deployed(unit)
            if unit.status == "demob" and t >= unit.birth:
                unit.status = "home"
            if unit.status == "home":
                self.check_home(unit)
            at_home = unit.status in ("home", "demob")
            if unit.status != "gone" and (t >= unit.forced or (at_home and t >= unit.leave)):
                self.go(unit)

    def go(self, unit: Unit) -> None:
        unit.status = "gone"
        self.note("gone", unit)

    def move_deployed(self, unit: Unit) -> None:
        """Fill, extension, tour and task may end today (rules 5, 6, 7)."""
        t = self.t
        if self.x.clock_stops_when_deployed:
            unit.birth += 1
        if self.rotates(unit) and unit.status == "task":
            if unit.extended_since >= 0:
                limit = FOREVER if self.x.extension_without_end else self.left(unit, "max_extension_days")
                if t >= unit.fill_end + limit:
                    self.into_overlap(unit)
            elif t >= unit.fill_end:
                if self.left(unit, "max_extension_days") > 0 and not self.x.no_extension:
                    unit.status = "pending"
                else:
                    self.into_overlap(unit)
        late = 1 if self.x.tour_one_day_longer else 0
        if unit.status == "overlap" and t >= unit.tour_end + late:
            self.end_tour(unit)
        elif unit.status in ("task", "overlap", "pending") and t == self.ends[unit.task]:
            self.end_task(unit)

    def into_overlap(self, unit: Unit) -> None:
        overlap = self.left(unit, "overlap_days")
        unit.tour_end = unit.tour_end if self.x.extension_eats_overlap else self.t + overlap
        unit.status, unit.extended_since = "overlap", -1
        if unit.tour_end <= self.t and not self.x.tour_one_day_longer:
            self.end_tour(unit)
        else:
            self.note("overlap", unit, unit.task)

    def end_task(self, unit: Unit) -> None:
        """The task of a deployed unit ends today (rule 7, first half of rule 8)."""
        spent = unit.status in ("overlap", "pending") or unit.extended_since >= 0
        offered = not spent or self.x.follow_on_offers_overlap
        if offered and self.p.group[unit.task] >= 0 and self.t < unit.leave and not self.x.no_follow_on:
            unit.status = "held"
        elif spent and not self.x.overlap_exception_ignored:
            self.end_tour(unit)
        else:
            self.end_early(unit)

    def end_tour(self, unit: Unit) -> None:
        """Rule 6: home with clock 0 and a full budget, after demobilisation."""
        days = 0 if self.x.no_demobilisation else self.left(unit, "demobilisation_days")
        unit.cycle += 1
        unit.used = unit.used + self.t - unit.sent if self.x.budget_never_full_again else 0
        if not self.x.clock_kept_after_tour:
            unit.birth = self.t + days
        self.come_home(unit, "demob" if days > 0 else "home")

    def end_early(self, unit: Unit) -> None:
        """Rule 7: home at the clock reached with what is left of the budget."""
        if not self.rotates(unit):
            self.come_home(unit, "gone" if self.x.permanent_goes_home else "home")
            return
        passed = self.t - unit.birth >= self.left(unit, "cycle_days")
        if (passed and not self.x.passed_cycle_exception_ignored) or self.x.early_end_resets_clock:
            self.end_tour(unit)
        else:
            unit.used += 0 if self.x.early_end_refills_budget else self.t - unit.sent
            self.come_home(unit, "home")

    def come_home(self, unit: Unit, status: str) -> None:
        self.note("home", unit, unit.task)
        unit.status, unit.task, unit.extended_since, unit.last_home = status, -1, -1, self.t
        if self.t >= unit.leave:
            self.go(unit)
        elif status == "home":
            self.check_home(unit)

    def turn_cycle(self, unit: Unit, phase: int) -> None:
        if self.rotates(unit) and self.t - unit.birth >= self.policy(unit, "cycle_days", phase):
            unit.birth, unit.cycle = self.t, unit.cycle + 1
            unit.used = unit.used if self.x.budget_never_full_again else 0

    def check_home(self, unit: Unit) -> None:
        """A full cycle starts anew; a window that opens draws readiness."""
        if not self.rotates(unit):
            return
        self.turn_cycle(unit, self.now)
        once = self.x.readiness_drawn_once_ever and unit.drawn >= 0
        if self.in_window(unit) and unit.drawn != unit.cycle and not once:
            unit.drawn = unit.cycle
            share = 1.0 if self.x.readiness_ignored else self.readiness[unit.pool]
            if share < 1.0 and not self.random("rotation.readiness", unit.pool, unit.number, unit.cycle) < share:
                out = self.out_days[unit.pool] - (1 if self.x.out_one_day_less else 0)
                unit.out_until = max(unit.out_until, self.t + out)
                self.note("failed", unit)

    # ---- who may go

    def in_window(self, unit: Unit) -> bool:
        clock = self.t - unit.birth
        first = self.rule(unit, "start_deployable_day") + (1 if self.x.window_first_day_missed else 0)
        last = self.rule(unit, "stop_deployable_day") - (0 if self.x.window_last_day_counted else 1)
        return first <= clock <= last

    def joined(self, unit: Unit) -> bool:
        return self.t >= self.joins[unit.pool] or self.x.join_day_ignored

    def present(self, unit: Unit) -> bool:
        return unit.status != "gone" and self.joined(unit)

    def rested(self, unit: Unit) -> bool:
        """In its window with call-ups and budget left (a unit that failed readiness may still be out)."""
        limit = FOREVER if self.x.callups_without_limit else self.rule(unit, "max_callups")
        fill = self.rule(unit, "bog_days") - self.rule(unit, "overlap_days")
        return self.in_window(unit) and unit.tours < limit and unit.used < fill

    def deployable(self, unit: Unit) -> bool:
        if unit.status != "home" or not self.present(unit):
            return False
        if not self.rotates(unit):
            return self.posture[unit.pool] != STANDBY or self.x.standby_is_sent
        return self.rested(unit) and self.t >= unit.out_until

    def fits(self, unit: Unit, task: int) -> bool:
        if self.p.effectiveness[unit.pool, task] <= 0:
            return False
        if self.posture[unit.pool] != FORWARD or self.x.place_rule_ignored:
            return True
        home = self.p.home_place[unit.pool]
        return bool(home >= 0 and home == self.p.task_place[task])

    def under_cap(self, unit: Unit) -> bool:
        nation = self.p.nation[unit.pool]
        states = ("task", "overlap") if self.x.cap_counts_overlap else ("task",)
        away = sum(self.people[u.pool] for u in self.units if u.status in states and self.p.nation[u.pool] == nation)
        return away + self.people[unit.pool] <= self.cap[nation] or self.x.cap_ignored

    def order(self, unit: Unit, task: int) -> tuple[object, ...]:
        """Rule 4, refined: the least goes first."""
        x, pool = self.x, unit.pool
        share: Fraction | float = Fraction(0)
        if self.rotates(unit):
            cycle = self.left(unit, "cycle_days") if unit.status == "held" else self.rule(unit, "cycle_days")
            clock = self.t - unit.birth
            share = Fraction(clock) if x.days_instead_of_share else Fraction(clock, cycle)
            if x.share_in_single_precision:
                share = float(np.float32(clock) / np.float32(cycle))
        wish = self.p.source_first[task]
        number = -unit.number if x.highest_number_first else unit.number
        return (
            self.posture[pool] != FORWARD or x.forward_not_preferred,
            0 if x.rank_ignored else int(self.p.rank[pool, task]),
            bool(wish >= 0 and self.p.component_class[pool] != wish and not x.source_first_ignored),
            self.rotates(unit) and not x.permanent_not_preferred,
            share if x.least_rested_first else -share,
            *((number, pool) if x.unit_number_before_record else (pool, number)),
        )

    # ---- (2), (3), (4): passes

    def stands(self, task: int) -> bool:
        return self.starts[task] <= self.t < self.ends[task]

    def worth(self, unit: Unit, task: int) -> int:
        return 1000 if self.x.effectiveness_ignored else int(self.p.effectiveness[unit.pool, task])

    def on_task(self, task: int, extended: bool | None = None) -> list[Unit]:
        held = ("task", "overlap") if self.x.slot_taken_during_overlap else ("task",)
        units = [u for u in self.units if u.status in held and u.task == task]
        return [u for u in units if extended is None or (u.extended_since >= 0) == extended]

    def assigned(self, task: int, extended: bool | None = None) -> int:
        return sum(self.worth(unit, task) for unit in self.on_task(task, extended))

    def wants(self, task: int) -> bool:
        """Extended units are no reason against relief."""
        among = None if self.x.extension_blocks_relief else False
        return self.assigned(task, among) < self.wanted[task]

    def follow_on_pass(self) -> None:
        for task in self.task_order:
            group = self.p.group[task]
            while self.stands(task) and group >= 0 and self.wants(task):
                offered = [
                    unit
                    for unit in self.units
                    if unit.status == "held"
                    and (self.p.group[unit.task] == group or self.x.follow_on_to_any_group)
                    and self.fits(unit, task)
                    and (not self.x.follow_on_needs_window or not self.rotates(unit) or self.in_window(unit))
                ]
                if not offered:
                    break
                unit = min(offered, key=lambda u: self.order(u, task))
                unit.status, unit.task = "task", task
                if self.x.follow_on_is_a_new_tour:
                    unit.tours, unit.fill_end = unit.tours + 1, unit.fill_end + self.t - unit.sent
                self.note("follow-on", unit, task)

    def home_pass(self) -> None:
        for task in self.task_order:
            while self.stands(task) and self.wants(task):
                ready = [u for u in self.units if self.deployable(u) and self.fits(u, task) and self.under_cap(u)]
                if not ready:
                    break
                self.send(min(ready, key=lambda u: self.order(u, task)), task)

    def send(self, unit: Unit, task: int) -> None:
        t, delay = self.t, 0 if self.x.arrival_at_once else self.delay[unit.pool]
        self.note("sent", unit, task)
        unit.status, unit.task, unit.sent, unit.arrives, unit.phase = "task", task, t, t + delay, self.now
        unit.tours += 1
        unit.fill_end = unit.tour_end = FOREVER
        if not self.rotates(unit):
            return
        if unit.used == 0 or self.x.every_tour_counts_for_dwell:
            self.dwell[unit.pool] += t - unit.last_home
            self.broken_dwell[unit.pool] += t - unit.last_home < self.rule(unit, "min_dwell_days")
        moved = delay if self.x.arrival_moves_tour_end else 0
        unit.tour_end = t + self.rule(unit, "bog_days") - unit.used + moved
        overlap = 0 if self.x.overlap_counts_as_fill else self.rule(unit, "overlap_days")
        unit.fill_end = unit.tour_end - overlap

    def relieve(self, task: int) -> None:
        """Extended units, the longest first, hand over while the task is not short without them."""
        for unit in sorted(self.on_task(task, True), key=lambda u: (u.extended_since, u.pool, u.number)):
            if self.assigned(task) - self.worth(unit, task) >= self.wanted[task]:
                self.into_overlap(unit)

    def end_of_passes(self) -> None:
        for unit in self.units:
            if unit.status == "held" and not self.x.unused_never_go_home:
                self.end_early(unit)
        for task in self.tasks:
            self.relieve(task)
        for task in self.tasks:
            for unit in [u for u in self.units if u.status == "pending" and u.task == task]:
                if self.assigned(task) < self.wanted[task] and self.under_cap(unit):
                    unit.status, unit.extended_since = "task", self.t
                    self.note("extended", unit, task)
                else:
                    self.into_overlap(unit)

    def run_day(self, t: int) -> None:
        self.begin(t)
        if self.x.score_before_filling:
            self.filled_before = {task: self.filling(task) for task in self.tasks}
        if self.x.follow_on_after_home_pass:
            self.home_pass()
            self.follow_on_pass()
        else:
            self.follow_on_pass()
            self.home_pass()
        self.end_of_passes()

    # ---- (5) what is counted

    def filling(self, task: int) -> list[Unit]:
        return [unit for unit in self.units if unit.status == "task" and unit.task == task and self.t >= unit.arrives]

    def state(self, unit: Unit) -> int:
        """Index into STATES."""
        if unit.status in ("task", "overlap", "pending", "held"):
            return 0 if unit.status == "task" and self.t >= unit.arrives else 1
        return 2 if self.deployable(unit) else 3

    def cause(self, task: int) -> int:
        """Index into CAUSES for a task that is short today."""
        if self.assigned(task) >= self.wanted[task]:
            return 1
        fitting = [unit for unit in self.units if self.fits(unit, task)]
        here = [unit for unit in fitting if self.present(unit)]
        if any(self.deployable(unit) and not self.under_cap(unit) for unit in here):
            return 2
        if sum(self.worth(unit, task) for unit in here) < self.wanted[task]:
            return 4 if sum(self.worth(unit, task) for unit in fitting) >= self.wanted[task] else 3
        count = {5: 0, 6: 0, 7: 0}
        for unit in here:
            if unit.status == "task" or self.deployable(unit):
                count[7] += unit.task != task
            elif unit.status == "home" and self.rotates(unit) and self.rested(unit):
                count[6] += 1
            else:
                count[5] += 1
        return max(count, key=lambda code: (count[code], -code))


class Tally:
    """The arrays of an Outcome, filled day by day."""

    def __init__(self, problem: RotationProblem) -> None:
        draws, tasks = problem.draws, problem.task_quantity.shape[1]
        pools, nations, days = problem.quantity.shape[1], len(problem.withdrawal_days), problem.horizon_days
        self.missed = np.zeros((draws, tasks), np.int64)
        self.first = np.full((draws, tasks), -1, np.int32)
        self.longest = np.zeros((draws, tasks), np.int32)
        self.state = np.zeros((draws, pools, 4), np.int64)
        self.inventory = np.zeros((draws, pools), np.int64)
        self.tours, self.broken = np.zeros((draws, pools), np.int32), np.zeros((draws, pools), np.int32)
        self.dwell = np.zeros((draws, pools), np.int64)
        self.bog, self.people = np.zeros((draws, nations), np.int64), np.zeros((draws, nations), np.int64)
        self.fill = np.zeros((draws, tasks, days), np.float32)
        self.fill_people = np.zeros((draws, tasks, days), np.int32)
        self.cause = np.zeros((draws, tasks, days), np.int8)

    def count(self, d: int, world: World, gap: list[int]) -> None:
        t = world.t
        for unit in world.units:
            if world.present(unit):
                state, nation = world.state(unit), int(world.p.nation[unit.pool])
                self.state[d, unit.pool, state] += 1
                self.inventory[d, unit.pool] += 1
                self.bog[d, nation] += state < 2
                self.people[d, nation] += world.people[unit.pool] if state < 2 else 0
        for task in world.tasks:
            there = world.filled_before[task] if world.x.score_before_filling else world.filling(task)
            fill = sum(world.worth(unit, task) for unit in there)
            self.fill[d, task, t] = fill / 1000
            self.fill_people[d, task, t] = sum(world.people[unit.pool] for unit in there)
            short = world.wanted[task] - fill if world.stands(task) else 0
            self.missed[d, task] += short if world.x.overfill_pays_for_gaps else max(0, short)
            gap[task] = gap[task] + 1 if short > 0 else 0
            self.longest[d, task] = max(self.longest[d, task], gap[task])
            if short > 0:
                self.cause[d, task, t] = world.cause(task)
                if self.first[d, task] < 0:
                    self.first[d, task] = t

    def outcome(self, daily: bool) -> RotationOutcome:
        keep = slice(None) if daily else slice(0, 0)
        return RotationOutcome(
            missed_unit_days=self.missed / 1000,
            first_missed_day=self.first,
            longest_gap_days=self.longest,
            state_days=self.state,
            inventory_days=self.inventory,
            tours=self.tours,
            broken_dwell=self.broken,
            dwell_days=self.dwell,
            bog_days=self.bog,
            people_days=self.people,
            fill_units=self.fill[:, keep],
            fill_people=self.fill_people[:, keep],
            cause=self.cause[:, keep],
        )


def simulate(
    problem: RotationProblem,
    *,
    daily: bool = True,
    broken: Broken | None = None,
    events: list[Event] | None = None,
) -> RotationOutcome:
    """What :func:`holdfast.analyses.rotation.simulate.simulate` must find, slowly; ``events`` collects the trace."""
    tally = Tally(problem)
    for d in range(problem.draws):
        world = World(problem, d, broken or Broken(), [] if events is None else events)
        gap = [0 for _ in world.tasks]
        for t in range(problem.horizon_days):
            world.run_day(t)
            tally.count(d, world, gap)
        for unit in world.units:
            tally.tours[d, unit.pool] += unit.tours
        tally.dwell[d], tally.broken[d] = world.dwell, world.broken_dwell
    return tally.outcome(daily)
