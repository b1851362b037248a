"""The door to the solver: answers, bounds, limits that hold, and children that may be ended."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from holdfast.base.errors import SolverError
from holdfast.engine import milp
from holdfast.engine.milp import INFINITY, Model, chosen_solver, close_children, lp_text, solve


def knapsack() -> Model:
    """Minimise -x - 2y with x + 1.5y <= 7.2, whole x and y up to 10; the best point is (1, 4)."""
    return Model(
        np.array([-1.0, -2.0]), np.zeros(2), np.full(2, 10.0), np.ones(2, np.bool_), np.array([0, 2]), np.array([0, 1]),
        np.array([1.0, 1.5]), np.array([-INFINITY]), np.array([7.2]),
    )  # fmt: skip


def market_split(columns: int = 60, rows: int = 6) -> Model:
    """A market split model (Cornuéjols and Dawande, 1998): easy to state, no proof in seconds; it starts from zeros."""
    random = np.random.default_rng(0)
    shares = random.integers(0, 100, (rows, columns)).astype(float)
    half = shares.sum(axis=1) // 2
    matrix = np.hstack([shares, np.eye(rows), -np.eye(rows)])
    width = matrix.shape[1]
    whole = np.arange(width) < columns
    return Model(
        np.where(whole, 0.0, 1.0), np.zeros(width), np.where(whole, 1.0, 1e4), whole, np.arange(rows + 1) * width,
        np.tile(np.arange(width), rows), matrix.ravel(), half, half,
        start=np.concatenate([np.zeros(columns), half, np.zeros(rows)]),
    )  # fmt: skip


def test_a_small_model_is_solved_to_its_whole_optimum() -> None:
    found = solve(knapsack())
    assert found.status == "optimal"
    assert found.x.tolist() == [1.0, 4.0]
    assert (found.objective, found.bound, found.gap) == (-9.0, -9.0, 0.0)
    assert found.solver == "simplex"


@pytest.mark.parametrize("method", ["simplex", "ipm", "interior"])
def test_every_method_gives_the_same_relaxation_and_duals(method: milp.Method) -> None:
    found = solve(knapsack().relaxed(), solver=method)
    assert found.objective == pytest.approx(-9.6, abs=1e-6)
    assert found.bound == pytest.approx(-9.6, abs=1e-6)
    assert found.duals == pytest.approx([-4.0 / 3.0], abs=1e-6)


def test_a_bound_from_any_duals_is_never_above_the_optimum() -> None:
    model = knapsack().relaxed()
    for dual in np.linspace(-3.0, 0.0, 13):
        assert model.lagrangian_bound(np.array([dual])) <= -9.6 + 1e-9
    assert model.lagrangian_bound(np.array([1.0])) == -30.0  # the row has no lower end, so this dual counts as 0
    endless = replace(model, upper=np.full(2, INFINITY))
    assert endless.lagrangian_bound(np.array([-1.0])) == -INFINITY


def test_an_impossible_model_is_a_clear_error() -> None:
    with pytest.raises(SolverError, match="Infeasible"):
        solve(knapsack().with_row(np.array([1.0, 0.0]), 20.0, 30.0))


def test_an_unbounded_model_is_a_clear_error() -> None:
    with pytest.raises(SolverError, match="nbounded"):
        solve(replace(knapsack().relaxed(), upper=np.array([INFINITY, 10.0]), value=np.array([0.0, 1.5])))


def test_a_wrong_model_is_a_clear_error_and_the_next_solve_works() -> None:
    with pytest.raises(SolverError, match="without an answer"):
        solve(replace(knapsack(), row_lower=np.zeros(3)))
    assert solve(knapsack()).objective == -9.0


def test_a_start_is_kept_when_there_is_no_time_to_better_it() -> None:
    start = np.array([7.0, 0.0])
    found = solve(replace(knapsack(), start=start), hard_limit_s=0.0)
    assert found.status == "ended"
    assert found.x.tolist() == start.tolist()


def test_an_infeasible_start_is_no_answer() -> None:
    with pytest.raises(SolverError, match="without an answer"):
        solve(replace(knapsack(), start=np.array([10.0, 10.0])), hard_limit_s=0.0)


def test_the_hard_limit_ends_a_child_that_overruns_and_keeps_its_best_point() -> None:
    model = market_split()
    found = solve(model, time_limit_s=1e6, hard_limit_s=3.0)
    assert found.status == "ended"
    assert found.seconds < 30.0  # a million was allowed to the solver itself
    assert model.feasible(found.x)
    assert found.bound <= found.objective


def test_a_child_that_dies_in_mid_solve_leaves_its_best_point(monkeypatch: pytest.MonkeyPatch) -> None:
    child = milp._Child()
    monkeypatch.setattr(milp, "_borrow", lambda: child)
    model = market_split()
    death = threading.Timer(2.0, child.process.kill)
    death.start()
    found = solve(model, time_limit_s=1e6, hard_limit_s=120.0)
    death.join()
    assert found.status == "ended"
    assert found.seconds < 100.0
    assert model.feasible(found.x)
    assert child not in milp._idle


def test_the_soft_limit_and_the_node_limit_say_so() -> None:
    assert solve(market_split(), time_limit_s=0.5).status == "time"
    assert solve(market_split(), max_nodes=5).status == "nodes"


def test_stopping_by_nodes_gives_the_same_point_twice() -> None:
    first, second = (solve(market_split(), max_nodes=20) for _ in range(2))
    assert first.x.tolist() == second.x.tolist()
    assert first.bound == second.bound


def test_the_method_is_chosen_by_size() -> None:
    small = knapsack()
    large = replace(small, index=np.zeros(milp.IPM_NONZEROS, np.int64))
    assert chosen_solver(small) == "simplex"
    assert chosen_solver(large) == "ipm"
    assert chosen_solver(large, "simplex") == "simplex"


def test_a_child_is_reused() -> None:
    close_children()
    solve(knapsack())
    first = milp._idle[-1].process.pid
    solve(knapsack())
    assert milp._idle[-1].process.pid == first


def test_a_column_and_a_row_can_be_added() -> None:
    model = knapsack().with_column("z", upper=1.0, rows=np.array([0]), values=np.array([-1.5]), start=0.0)
    model = replace(model, cost=np.array([-1.0, -2.0, 0.5])).with_row(np.array([1.0, 0.0, 0.0]), 0.0, 0.0)
    found = solve(model)
    assert found.x.tolist() == pytest.approx([0.0, 5.0, 0.2])
    assert model.activity(found.x).tolist() == pytest.approx([7.2, 0.0])


def test_the_text_of_a_model_is_always_the_same() -> None:
    model = replace(knapsack(), column_names=("x", "y"), row_names=("room",), offset=3.0)
    model = model.with_row(np.array([1.0, -1.0]), -2.0, 5.0, "apart").with_row(np.array([1.0, 0.0]), 1.0, 1.0, "fixed")
    assert lp_text(model) == (
        "min\n obj: - 1 x - 2 y + 3\nst\n room: + 1 x + 1.5 y <= 7.2\n apart: + 1 x - 1 y <= 5\n"
        " apart_low: + 1 x - 1 y >= -2\n fixed: + 1 x = 1\nbounds\n 0 <= x <= 10\n 0 <= y <= 10\ngeneral\n x y\nend\n"
    )
