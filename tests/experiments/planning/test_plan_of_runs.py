from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shaanxi_transfer.experiments.planning.plan_of_runs import future_seed, plan_runs


def test_the_scenarios_of_a_future_share_its_seed_and_stand_side_by_side() -> None:
    plan = list(plan_runs(["action_plan", "no_plan"], 3, base_seed=1))
    assert [run.run_id for run in plan] == [
        "action_plan-000000",
        "no_plan-000000",
        "action_plan-000001",
        "no_plan-000001",
        "action_plan-000002",
        "no_plan-000002",
    ]
    assert [run.future for run in plan] == [0, 0, 1, 1, 2, 2]
    assert plan[2].seed == plan[3].seed
    assert len({run.seed for run in plan}) == 3


def test_more_futures_leave_the_first_ones_as_they_are() -> None:
    assert list(plan_runs(["a"], 10, 7)) == list(plan_runs(["a"], 50, 7))[:10]


@given(st.integers(0, 2**63 - 1), st.integers(0, 10**6))
def test_every_seed_fits_a_signed_64_bit_column(base_seed: int, future: int) -> None:
    assert 0 <= future_seed(base_seed, future) < 2**63


def test_another_base_seed_gives_other_futures() -> None:
    assert {future_seed(1, i) for i in range(100)}.isdisjoint(future_seed(2, i) for i in range(100))
