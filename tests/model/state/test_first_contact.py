"""The pace of first contacts leaves the share of needs unmet from which it was found."""

from __future__ import annotations

import math

import pytest

from shaanxi_transfer.model.state.first_contact import pace_of_first_contact


@pytest.mark.parametrize("unmet", [0.02, 0.0256, 0.25, 0.6, 0.95])
@pytest.mark.parametrize("spread", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("years", [0.5, 1.0])
def test_as_many_needs_stay_unmet_as_were_asked_for(unmet: float, spread: float, years: float) -> None:
    pace = pace_of_first_contact(unmet, spread, years) * years
    assert math.exp(-(1.0 - spread) * pace) / (1.0 + spread * pace) == pytest.approx(unmet)


def test_with_buyers_alike_it_is_a_constant_chance_a_quarter() -> None:
    assert pace_of_first_contact(0.4**4, 0.0, 1.0) == pytest.approx(-4.0 * math.log(0.4))
