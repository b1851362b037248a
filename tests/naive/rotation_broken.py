"""Ways to get a rotation rule wrong, one flag each: the mutation tests show that a case notices every one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Broken:
    """One flag for each way to get a rule wrong; all False is the simulator as specified."""

    start_all_at_zero: bool = False  # rule 1
    start_rounds_up: bool = False
    budget_never_full_again: bool = False
    window_first_day_missed: bool = False  # rule 2
    window_last_day_counted: bool = False
    tasks_in_reverse: bool = False  # rule 3
    least_rested_first: bool = False  # rule 4
    days_instead_of_share: bool = False
    share_in_single_precision: bool = False
    unit_number_before_record: bool = False
    highest_number_first: bool = False
    source_first_ignored: bool = False
    rank_ignored: bool = False
    permanent_not_preferred: bool = False
    forward_not_preferred: bool = False
    overlap_counts_as_fill: bool = False  # rule 5
    slot_taken_during_overlap: bool = False
    tour_one_day_longer: bool = False  # rule 6
    no_demobilisation: bool = False
    clock_kept_after_tour: bool = False
    clock_stops_when_deployed: bool = False  # rule 7
    early_end_resets_clock: bool = False
    early_end_refills_budget: bool = False
    overlap_exception_ignored: bool = False
    passed_cycle_exception_ignored: bool = False
    no_follow_on: bool = False  # rule 8
    follow_on_needs_window: bool = False
    follow_on_offers_overlap: bool = False
    follow_on_to_any_group: bool = False
    follow_on_after_home_pass: bool = False
    follow_on_is_a_new_tour: bool = False
    unused_never_go_home: bool = False
    score_before_filling: bool = False  # rule 9
    overfill_pays_for_gaps: bool = False
    effectiveness_ignored: bool = False  # and what Holdfast adds
    place_rule_ignored: bool = False
    readiness_ignored: bool = False
    readiness_drawn_once_ever: bool = False
    out_one_day_less: bool = False
    join_day_ignored: bool = False
    clock_starts_on_joining: bool = False
    withdrawal_at_once: bool = False
    withdrawal_ignored: bool = False
    lowest_numbers_cut: bool = False
    cap_ignored: bool = False
    cap_counts_overlap: bool = False
    arrival_at_once: bool = False
    arrival_moves_tour_end: bool = False
    no_extension: bool = False
    extension_blocks_relief: bool = False
    extension_without_end: bool = False
    extension_eats_overlap: bool = False
    phases_ignored: bool = False
    phase_binds_deployed: bool = False
    callups_without_limit: bool = False
    standby_is_sent: bool = False
    permanent_goes_home: bool = False
    every_tour_counts_for_dwell: bool = False
