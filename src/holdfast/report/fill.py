"""From a run folder to what its report shows: every number read back, none computed by an engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from holdfast.findings.opened import Run
from holdfast.plan import formulas
from holdfast.plan.measures import MEASURES
from holdfast.plan.model import Plan, Row
from holdfast.report import content as page
from holdfast.report.wording import cause_words
from holdfast.store import read

LIMITS = (
    "Policy analysis from open sources: aggregates only, no live positions, no targeting, no combat outcomes.",
    "How fast units arrive, who flies the air patrols and whether the force deters are not modelled yet: units that "
    "may be sent count as in place on the day they are sent.",
    "Probabilities speak of the plan's own assumptions; they are not a forecast of events.",
    "Whether the trigger occurs is taken as given.",
)
ARMY_ATTRIBUTES = ("army_regular_trained", "army_personnel", "army_active_personnel")


def content_of(run: Run) -> page.ReportContent:
    """Everything that the report of a run shows."""
    return Filler(run).content()


class Filler:
    """Reads one run folder and its copy of the plan."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.plan: Plan = run.plan

    def content(self) -> page.ReportContent:
        """The report's content."""
        summary, about = self.run.summary, self.run.about
        return page.ReportContent(
            title=self._title(),
            verdict=summary["verdict"],
            joint_probability=summary["joint_probability"],
            as_of=summary["as_of"] or "",
            c_day=self.plan.c_day.isoformat(),
            compiled=self.plan.compiled.isoformat(),
            horizon_days=self.plan.horizon_days,
            draws=self.run.draws,
            seed=int(about["seed"]),
            run_id=self.run.id,
            version=str(about["versions"]["holdfast"]),
            requirements=tuple(self._requirement(item) for item in summary["requirements"]),
            daily=self._daily(),
            burden=self._burden(),
            dwell=self._dwell(),
            timelines=self._timelines(),
            largest_force=self._largest(),
            shortfalls=self._shortfalls(),
            assumptions=tuple(self._assumption(row) for row in self.plan["assumptions"]),
            claims=self._claims(),
            facts=tuple(self._fact(row) for row in self._facts_used),
            sources=self._sources(),
            origins=self._origins(),
            limits=LIMITS,
        )

    def _title(self) -> str:
        """The plan's title, and what was set anew for this run."""
        changed = [f"{address} = {value}" for address, value in self.plan.overrides.items()]
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        return self.plan.title + (f" (with {', '.join(changed[:3])}{more})" if changed else "")

    def _requirement(self, item: Mapping[str, Any]) -> page.RequirementResult:
        stated = next(r for r in self.plan.requirements if r.id == item["id"])
        broken = item["breaks_first"]
        first = None
        if broken:
            day = int(broken["median_day"])
            first = page.BreaksFirst(
                cause=broken["cause"], share=broken["share"], what=broken["what"], day=day if day >= 0 else None
            )
        judged = bool(item["judged_by"])
        return page.RequirementResult(
            id=stated.id,
            title=stated.title,
            measure=stated.measure,
            component=stated.component,
            nation=stated.nation,
            place=stated.place,
            statistic=stated.statistic if MEASURES[stated.measure].daily else "",
            at_least=stated.at_least,
            at_most=stated.at_most,
            unit=MEASURES[stated.measure].unit,
            measure_words=stated.measure.replace("_", " "),
            share=stated.share,
            from_day=stated.from_day,
            to_day=stated.to_day,
            given=stated.given,
            given_words="the trigger has occurred" if stated.given == "trigger" else "",
            draws=self.run.draws,
            probability_required=stated.probability,
            estimate=item["probability"],
            low=item["low"],
            high=item["high"],
            judgement_low=item["judgement_low"] if judged else None,
            judgement_high=item["judgement_high"] if judged else None,
            status=item["status"],
            breaks_first=first,
        )

    def _daily(self) -> tuple[page.DailyBand, ...]:
        bands = read.read_table(self.run.layout.over_draws("bands"))
        series = read.read_table(self.run.layout.table("series"))
        measure = "people_in_place"
        names = dict.fromkeys(name.split("&quantile=")[0] for name in bands.schema.names)
        found = []
        for address in (name for name in names if name.split("?")[0] == f"measure/{measure}"):
            component = address.partition("component=")[2]
            levels = {
                f"p{q:02d}": tuple(bands.column(f"{address}&quantile={q:02d}").to_pylist()) for q in (5, 25, 50, 75, 95)
            }
            band = page.DailyBand(
                component=component,
                label=component or "whole force",
                measure=measure,
                days=tuple(range(self.plan.horizon_days)),
                nominal=tuple(series.column(address).to_pylist()),
                p05=levels["p05"],
                p25=levels["p25"],
                p50=levels["p50"],
                p75=levels["p75"],
                p95=levels["p95"],
            )
            found.append(self._with_requirement(band))
        return tuple(found)

    def _with_requirement(self, band: page.DailyBand) -> page.DailyBand:
        for item in self.plan.requirements:
            limit = item.at_least if item.at_least is not None else item.at_most
            if item.measure == band.measure and item.component == band.component and not item.nation:
                return replace(
                    band,
                    required=limit,
                    required_from=item.from_day,
                    required_to=item.to_day,
                    required_is_floor=item.at_least is not None,
                )
        return band

    def _burden(self) -> tuple[page.NationBurden, ...]:
        days = self.plan.horizon_days
        measures = self.run.measures
        total = measures["measure/people_deployed"]["mean"] or 1.0
        found = []
        for row in self.plan["nations"]:
            address = f"measure/people_deployed?nation={row.id}"
            if address not in measures:
                continue
            people = measures[address]["mean"]
            army = self._army(row.id)
            tours = measures[f"measure/tours?nation={row.id}"]["mean"]
            found.append(
                page.NationBurden(
                    nation=row.id,
                    name=row.text("name"),
                    people_days=people * days,
                    share=people / total,
                    army_people=float(str(army["value"])) if army else None,
                    army_address=f"fact/{army.id}" if army else "",
                    share_of_army=people / float(str(army["value"])) if army else None,
                    bog_days=measures[f"measure/bog_days?nation={row.id}"]["mean"],
                    tours=tours,
                    broken_dwell_share=measures[f"measure/broken_dwell_share?nation={row.id}"]["mean"]
                    if tours
                    else None,
                )
            )
        return tuple(sorted(found, key=lambda item: (-item.people_days, item.nation)))

    def _army(self, nation: str) -> Row | None:
        for row in self._facts_used:
            if row["nation"] == nation and row["attribute"] in ARMY_ATTRIBUTES:
                return row
        return None

    def _dwell(self) -> tuple[page.PoolDwell, ...]:
        stated = read.read_table(self.run.layout.table("pools")).to_pylist()
        found = {row["pool"]: row for row in read.read_table(self.run.layout.over_draws("pools")).to_pylist()}
        return tuple(self._pool_dwell(row, found[row["pool"]]) for row in stated)

    def _pool_dwell(self, stated: Mapping[str, Any], over_draws: Mapping[str, Any]) -> page.PoolDwell:
        toured = over_draws["tours"] > 0 and bool(stated["policy"])
        return page.PoolDwell(
            pool=stated["pool"],
            nation=stated["nation"],
            policy=stated["policy"],
            floor_days=stated["least_dwell_days"],
            mean_dwell_days=over_draws["mean_dwell_days"] if toured else None,
            low_dwell_days=over_draws["low_dwell_days"] if toured else None,
            high_dwell_days=over_draws["high_dwell_days"] if toured else None,
            tours=over_draws["tours"],
            broken=over_draws["broken"],
        )

    def _timelines(self) -> tuple[page.UnitSpan, ...]:
        spans = read.read_table(self.run.layout.table("timeline")).to_pylist()
        return tuple(page.UnitSpan(**span) for span in spans)

    def _largest(self) -> page.LargestForce | None:
        (row,) = read.read_table(self.run.layout.table("largest")).to_pylist()
        if not row["scale"] or not row["asked_people"]:
            return None
        limiting = f"{row['task']}: {cause_words(row['cause'])}" if row["task"] else "nothing that was looked at"
        return page.LargestForce(
            scale=row["scale"],
            people=row["scale"] * row["asked_people"],
            limiting=limiting,
            asked_people=row["asked_people"],
            method=f"simulated in twentieths, missing at most {100 * row['tolerance']:g}% of what is asked",
        )

    def _shortfalls(self) -> tuple[page.Shortfall, ...]:
        rows = read.read_table(self.run.layout.over_draws("causes")).to_pylist()
        missed: dict[str, float] = {}
        days: dict[str, float] = {}
        for row in rows:
            missed[row["task"]] = missed.get(row["task"], 0.0) + row["missed_unit_days"]
            days[row["task"]] = days.get(row["task"], 0.0) + row["short_days"]
        return tuple(
            page.Shortfall(
                task=row["task"],
                cause=row["cause"],
                share=row["short_days"] / days[row["task"]],
                missed_unit_days=missed[row["task"]],
            )
            for row in rows
        )

    def _origins(self) -> tuple[page.OriginMove, ...]:
        return tuple(
            page.OriginMove(
                origin=item["origin"],
                requirement=item["requirement"],
                estimate_without=item["probability"],
                low=item["low"],
                high=item["high"],
                move=item["move"],
                draws_kept=item["draws"],
                rerun=item["rerun"],
            )
            for item in self.run.summary["origins"]
        )

    def _assumption(self, row: Row) -> page.AssumptionRow:
        central = self._central
        move, error, on = self._move(row.id)
        source = [part.strip() for part in row.text("source").split(";") if part.strip()]
        said = dict.fromkeys([*source, *(part.strip() for part in row.text("claims").split(";"))])
        return page.AssumptionRow(
            name=row.id,
            unit=row.text("unit"),
            kind=row.text("kind"),
            low=_number(row, "low"),
            mode=_number(row, "mode"),
            high=_number(row, "high"),
            central=central.get(row.id),
            formula=row.text("formula"),
            rationale=row.text("rationale"),
            sources=tuple(part for part in source if part not in self.plan["claims"].by_id),
            claims=tuple(part for part in said if part in self.plan["claims"].by_id),
            unsupported=row.id in self.run.summary["unsupported"],
            grade=row.text("grade"),
            judged=bool(row["judged"]),
            move=move,
            move_error=error,
            move_on=on,
        )

    @cached_property
    def _central(self) -> dict[str, float]:
        columns = read.read_table(self.run.layout.table("assumptions")).to_pydict()
        return dict(zip(columns["name"], columns["value"], strict=True))

    def _move(self, name: str) -> tuple[float | None, float | None, str]:
        best: tuple[float | None, float | None, str] = (None, None, "")
        for item in self.run.requirements:
            for move in item["assumptions"]:
                if move["name"] == name and abs(move["move"]) > (best[0] or 0.0):
                    best = (abs(move["move"]), 2 * move["standard_error"], item["id"])
        return best

    @cached_property
    def _facts_used(self) -> list[Row]:
        named: set[str] = set()
        for row in self.plan["assumptions"]:
            if row["kind"] == "formula":
                named |= set(formulas.names(formulas.parse(row.text("formula"))))
        for table in self.plan.tables.values():
            for row in table:
                named |= {cell.ref for cell in row.cells.values() if cell.ref}
            for row in table if table.name not in ("facts", "claims", "sources") else ():
                named |= {part.strip() for part in row.text("source").split(";") if "source" in row.cells}
        return [row for row in self.plan["facts"] if row.id in named]

    def _fact(self, row: Row) -> page.FactRow:
        value = row["value"]
        return page.FactRow(
            id=row.id,
            nation=row.text("nation"),
            attribute=row.text("attribute"),
            value=value if isinstance(value, float | int) else str(value),
            unit=row.text("unit"),
            year=row.text("year"),
            url=row.text("source_url"),
            grade=row.text("grade"),
            note=row.text("note"),
        )

    def _claims(self) -> tuple[page.ClaimRow, ...]:
        used = {part.strip() for row in self.plan["assumptions"] for part in row.text("claims").split(";")}
        used |= {
            part.strip()
            for table in self.plan.tables.values()
            if table.name != "claims"
            for row in table
            if "source" in row.cells
            for part in row.text("source").split(";")
        }
        return tuple(self._claim(row, row.id in used) for row in self.plan["claims"])

    def _claim(self, row: Row, used: bool) -> page.ClaimRow:
        source = self.plan["sources"].by_id.get(row.text("source"))
        return page.ClaimRow(
            id=row.id,
            date=row.text("date"),
            speaker=row.text("speaker"),
            statement=row.text("statement"),
            source=row.text("source"),
            outlet=source.text("outlet") if source else "",
            url=source.text("url") if source else "",
            reliability=source.text("reliability") if source else "",
            credibility=row.text("credibility"),
            stance=row.text("stance"),
            origin=row.text("origin"),
            used=used,
        )

    def _sources(self) -> tuple[page.SourceRow, ...]:
        return tuple(
            page.SourceRow(
                id=row.id,
                outlet=row.text("outlet"),
                url=row.text("url"),
                date=row.text("date"),
                reliability=row.text("reliability"),
                reason=row.text("reliability_reason"),
            )
            for row in self.plan["sources"]
        )


def _number(row: Row, column: str) -> float | None:
    value = row[column]
    return None if value is None else float(np.float64(value))  # type: ignore[arg-type]
