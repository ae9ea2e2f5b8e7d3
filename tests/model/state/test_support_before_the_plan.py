"""What the departments did a year before the plan: drawn per future, and told by the levers' history."""

from __future__ import annotations

from typing import Any, cast

import pytest

from shaanxi_transfer import load
from shaanxi_transfer.model.state.support_before_the_plan import usual_levels
from shaanxi_transfer.scenarios import lever_catalogue


class Centre:
    """Every parameter at the value in the middle of its prior."""

    def __init__(self) -> None:
        self._table = load("action_plan").parameter_table()

    def __getattr__(self, name: str) -> float:
        return float(self._table[name].value)


CENTRE = Centre()
USUAL = usual_levels(cast(Any, CENTRE), 2010.0, 2018.0)
LEVERS = lever_catalogue()
QUARTERS = 11
"""From the second quarter of 2018 to the end of 2020."""


@pytest.mark.parametrize(
    ("lever", "usual"),
    [
        ("training_seats", USUAL.seats),
        ("demonstration_certifications", USUAL.certifications),
        ("brokers_founded", USUAL.brokers),
    ],
)
def test_the_history_of_a_lever_is_what_the_middle_of_the_draws_asks_for(lever: str, usual: float) -> None:
    assert LEVERS[lever].no_plan == getattr(CENTRE, f"{lever}_reference") == pytest.approx(usual, abs=0.6)


def test_the_plan_is_sized_from_the_target_by_the_middle_of_the_draws() -> None:
    """The sums of the notes of tasks 10 and 15."""
    trained = 2.25 * CENTRE.trained_before_2018_per_year
    seats = (1000 - trained) / CENTRE.training_pass_share / (QUARTERS / 4)
    assert LEVERS["training_seats"].plan == pytest.approx(seats, rel=0.02)
    leaving = (
        (CENTRE.broker_exit + CENTRE.demonstration_exit) * QUARTERS / 4 * 80
    )  # of 60 to 100 institutions
    certified = (100 - CENTRE.demonstration_institutions_2017 + leaving) / (QUARTERS / 4)
    assert LEVERS["demonstration_certifications"].plan == pytest.approx(certified, abs=1.0)
