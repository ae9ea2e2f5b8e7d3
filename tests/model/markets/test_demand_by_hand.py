"""Demand: how many contracts are asked for, of whom, and at what value."""

from __future__ import annotations

import math
from typing import Any

import pytest

from shaanxi_transfer.model.markets.demand import asked_at, met_by_sellers
from shaanxi_transfer.scenarios.choosing.pack_years import shipped_years

PARAMETERS = {
    "outside_count_elasticity": 2.0, "need_count_elasticity": 0.5, "outside_mean_elasticity": 3.0,
    "mean_growth_beyond_national": 0.1, "enterprise_contracts_2017": 1000.0, "supply_exponent": 0.5,
    "local_share": 0.4, "import_share": 0.3, "laboratory_shift": 0.25, "outside_demand_gain": 0.1,
    "commission_mean_value_university": 10.0, "commission_mean_value_institute": 20.0,
    "commission_mean_value_military": 40.0, "rd_share_university": 0.2, "rd_share_institute": 0.4,
    "rd_share_military": 0.1, "commission_intensity_university": 0.5, "commission_intensity_institute": 0.25,
    "commission_intensity_military": 1.0, "commission_local_share": 0.75, "mean_contract_value_2017": 100.0,
    "imports_follow_market": 0.0,
}  # fmt: skip


class Outside:
    """A world in which the nation counts twice, at half again the value, and research is fourfold.

    The nation's research is twofold, so that the province has twice its share.
    """

    years = shipped_years()

    def relative(self, name: str, date: float) -> float:
        return {"national_count": 2.0, "national_mean": 1.5, "rd": 4.0, "national_rd": 2.0}[name]

    def between(self, name: str, date: float) -> float:
        return 27_000.0


def demand(capacity: float = 4.0, reference: float = 1.0, **numbers: float) -> Any:
    parameters = {**PARAMETERS, **numbers}
    asked = asked_at(2019.5, Outside(), parameters)  # type: ignore[arg-type]
    return met_by_sellers(asked, parameters, capacity, reference)


def test_demand_by_hand() -> None:
    found = demand(mean_growth_beyond_national=0.0)
    assert found.value_index == pytest.approx(1.5**3) and found.mean_value == pytest.approx(337.5)
    assert list(found.producer_value.values()) == pytest.approx([33.75, 67.5, 135.0])
    # Intensity * 27000 * share / value, a quarter of it outside and a tenth more for the centre.
    commissions = [0.5 * 5400 / 33.75, 0.25 * 10_800 / 67.5, 2700 / 135.0]
    assert commissions == pytest.approx([80.0, 40.0, 20.0])
    assert list(found.outside_producer.values()) == pytest.approx([22.0, 11.0, 5.5])
    # 1000 contracts, of which 0.6 outside, the square of the nation's growth and the root of the sellers'.
    assert found.outside_enterprise == pytest.approx(600.0 * 4.0 * 2.0 * 1.1)
    # Abroad 300 * 2, a quarter of which laboratories here meet in proportion; at home 400 * 2.
    wanted = [450.0, 60.0 + 150.0 * 60 / 105, 30.0 + 150.0 * 30 / 105, 15.0 + 150.0 * 15 / 105, 800.0]
    assert found.local == pytest.approx(sum(wanted))
    shares = [sum(wanted[: k + 1]) / sum(wanted) for k in range(5)]
    assert found.destination_cumulative == pytest.approx(shares)


def test_values_grow_beyond_the_nations() -> None:
    assert demand().value_index == pytest.approx(3.375 * math.exp(0.2))


def test_what_is_bought_elsewhere_follows_the_market_as_far_as_it_is_told_to() -> None:
    none = {name: 0.0 for name in PARAMETERS if name.startswith("commission_intensity")}

    def bought(**numbers: float) -> tuple[float, float]:
        found = demand(laboratory_shift=0.0, **none, **numbers)
        return found.local * found.destination_cumulative[0], found.import_value

    assert bought() == pytest.approx((300.0 * 2.0, 337.5 * math.exp(0.2)))
    # All others sell twice the number at half again the value; research has twice its share, hence the root.
    assert bought(imports_follow_market=1.0) == pytest.approx((300.0 * 2.0 * math.sqrt(2.0), 150.0))
    half = 300.0 * math.sqrt(2.0) * math.sqrt(4.0 / math.sqrt(2.0))
    value = math.sqrt(337.5 * math.exp(0.2) * 150.0)
    assert bought(imports_follow_market=0.5) == pytest.approx((half, value))
    # What is bought at home, and what sellers here ask, is as before.
    found, before = demand(imports_follow_market=1.0), demand()
    homes = [one.local * (1.0 - one.destination_cumulative[3]) for one in (found, before)]
    assert homes == pytest.approx([800.0, 800.0]) and found.mean_value == before.mean_value


@pytest.mark.parametrize(
    ("capacity", "reference", "supply"), [(0.0, 1.0, 0.0), (9.0, 1.0, 3.0), (9.0, 0.0, 1.0), (9.0, 4.0, 1.5)]
)
def test_sellers_carry_demand(capacity: float, reference: float, supply: float) -> None:
    assert demand(capacity, reference).outside_enterprise == pytest.approx(600.0 * 4.0 * 1.1 * supply)


def test_where_nothing_is_wanted_all_destinations_are_alike() -> None:
    nothing = {name: 0.0 for name in PARAMETERS if name.startswith("commission_intensity")}
    found = demand(enterprise_contracts_2017=0.0, **nothing)
    assert found.local == 0.0 and found.destination_cumulative == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
