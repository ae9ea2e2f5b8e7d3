"""What is counted of a step beside contracts, and what the indicators made of it have to add up to."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from shaanxi_transfer.agents.census import CENSUS, count_results
from shaanxi_transfer.agents.closing import AGE_CLASSES, age_class, exit_hazard
from shaanxi_transfer.agents.goods import (
    EXPIRED,
    FAILED,
    IDLE,
    INDUSTRIALISED,
    RESULT_COLUMNS,
    SOLD,
    SPUN_OFF,
)
from shaanxi_transfer.engine.books import SECTOR, SECTORS
from shaanxi_transfer.engine.columns import number_record, row_at, row_dtype
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.engine.table import Table
from shaanxi_transfer.model import Record, run
from shaanxi_transfer.model.start import new_province
from shaanxi_transfer.model.state.registry import TALLY_FIELDS, count_high_tech
from shaanxi_transfer.model.state.step_counts import StepCounts
from shaanxi_transfer.scenarios import load

Series = Callable[[str], "np.typing.NDArray[np.float64]"]


@pytest.fixture(scope="module")
def record() -> Record:
    return run(load("no_plan").set(end="2012-Q4"), seed=5, scale=0.1)


@pytest.fixture(scope="module")
def series(record: Record) -> Series:
    assert record.quarters[-1] == Quarter(2012, 4)
    return record.series


def of_cities(record: Record, indicator: str) -> np.typing.NDArray[np.float64]:
    cities = [name for name in record.indicators if name.startswith(f"{indicator}.")]
    assert len(cities) == 11
    total: np.typing.NDArray[np.float64] = np.sum([record.series(name) for name in cities], axis=0)
    return total


def test_delays_by_hand() -> None:
    counts = StepCounts(2)
    counts.count_ages_of_sold(np.array([1.0, 2.0, 4.0, 0.25]))
    assert counts.results_sold_promptly == 3
    assert counts.results_sold_ln_years == pytest.approx(math.log(2.0))
    counts.count_ages_of_sold(np.array([]))
    assert (counts.results_sold_promptly, counts.results_sold_ln_years) == (0, 0.0)
    assert counts.results_used_in_commissions == counts.results_licensed == 0


def test_the_order_of_results_changes_no_bit() -> None:
    ages = np.random.default_rng(1).lognormal(1.3, 0.9, 500)
    one, other = StepCounts(1), StepCounts(1)
    one.count_ages_of_sold(ages)
    other.count_ages_of_sold(ages[::-1])
    assert one.results_sold_ln_years == other.results_sold_ln_years


def test_a_new_step_begins_with_nothing() -> None:
    counts = StepCounts(3)
    for numbers in (
        counts.research_by_city,
        counts.firms_at_risk,
        counts.firms_closed,
        counts.results_transferred,
        counts.founded_on_results,
        counts.founded_by_people,
        counts.founded_by_owners,
        counts.entries_shifted,
    ):
        numbers[:] = 7
    counts.count_ages_of_sold(np.array([1.5]))
    counts.results_used_in_commissions = counts.results_licensed = 7
    counts.clear()
    arrays = [value for value in vars(counts).values() if isinstance(value, np.ndarray)]
    assert len(arrays) == 8 and not any(numbers.any() for numbers in arrays)
    assert (counts.results_sold_promptly, counts.results_sold_ln_years) == (0, 0.0)
    assert counts.results_used_in_commissions == counts.results_licensed == 0


def test_age_classes_end_where_the_hazard_changes() -> None:
    hazards: dict[int, set[float]] = {}
    parameters = new_province(load("no_plan"), seed=1, scale=0.01).terms.firms
    for age in np.arange(0.0, 12.0, 0.25):
        hazards.setdefault(age_class(float(age)), set()).add(exit_hazard(float(age), False, parameters))
    assert sorted(hazards) == list(range(len(AGE_CLASSES)))
    assert all(len(found) == 1 for found in hazards.values())


def test_certified_members_sell_their_part_of_a_row() -> None:
    tally = row_at(np.zeros(1, dtype=row_dtype(TALLY_FIELDS)), 0)
    count_high_tech(tally, 0.25, 1_000, 200)
    count_high_tech(tally, 0.0, 5_000, 5_000)
    count_high_tech(tally, 1.0, 3, 3)
    assert (tally.high_tech_signed, tally.high_tech_value) == (253, 53)


def test_research_by_city_adds_up_to_the_province_to_the_yuan(record: Record) -> None:
    assert (of_cities(record, "rd_expenditure") == record.series("rd_expenditure")).all()


def test_what_stays_in_a_city_is_part_of_what_is_sold_and_bought_there(record: Record) -> None:
    within = record.series("contract_value_within_city.xian")
    assert (within > 0).all()
    assert (within <= record.series("contract_value_output.xian")).all()
    assert (within <= record.series("contract_value_inflow.xian")).all()
    whole = record.series("contract_value_within_city")
    assert (of_cities(record, "contract_value_within_city") == whole).all()
    assert (whole <= record.series("contract_value_local")).all(), "registered ones of one city are fewer"


def test_certified_firms_sell_a_part_of_what_enterprises_sell(series: Series) -> None:
    signed, registered = series("high_tech_contract_value_signed"), series("high_tech_contract_value_output")
    assert (registered > 0).all() and (registered < signed).all()
    assert (signed < series("contract_value_signed_enterprise")).all()
    assert (registered < series("contract_value_output_enterprise")).all()


def test_sold_results_are_older_than_a_step_and_younger_than_their_life(series: Series) -> None:
    sold, prompt = series("results_contracted"), series("results_contracted_within_2_years")
    geometric_mean = math.exp(series("results_contracted_ln_delay").sum() / sold.sum())
    assert 0.25 <= geometric_mean <= 15.0, "lives end after 5 to 12 years, a search takes a few more"
    assert (prompt <= sold).all() and 0 < prompt.sum() < sold.sum()


@pytest.mark.parametrize("kind", ["university", "research_institute", "military_unit"])
def test_what_is_in_industrial_use_was_transferred_before(kind: str) -> None:
    without = run(load("no_plan").set(end="2012-Q4", commission_result_share=0.0), seed=5, scale=0.02)
    transferred = without.series(f"results_transferred_share_{kind}")
    used = without.series(f"results_industrialised_share_{kind}")
    assert (used <= transferred).all() and (0 < used.sum() < transferred.sum() < len(used) * 0.5)
    assert not without.series("results_used_in_commissions").any()


def test_results_are_used_through_commissions_and_licences(series: Series) -> None:
    assert (series("results_used_in_commissions") > 0).all() and series("results_licensed").sum() > 0


def test_transferred_results_are_counted_by_hand() -> None:
    results = Table("results", RESULT_COLUMNS)
    results.extend(9)["owner_sector"] = SECTOR["university"]
    results.rows["state"] = [
        IDLE,
        SOLD,
        SPUN_OFF,
        INDUSTRIALISED,
        FAILED,
        EXPIRED,
        INDUSTRIALISED,
        SOLD,
        IDLE,
    ]
    results.rows["commissioned"][6:8] = True
    results.rows["licences"][8], results.rows["licensees"][8] = 3, 2
    results.rows["born"] = 2010.0
    alive, used, transferred = numbers = np.zeros((3, len(SECTORS)), dtype=np.int64)
    now = number_record({"date": 2012.0})
    parameters = number_record({"result_life_years": 8.0})
    census = row_at(np.zeros(1, dtype=CENSUS), 0)
    count_results(results.rows, now, parameters, alive, used, transferred, census)
    assert numbers[:, SECTOR["university"]].tolist() == [9, 3, 5]
    assert numbers.sum() == 17


def test_firms_close_about_as_often_as_the_parameters_say(series: Series) -> None:
    stated = new_province(load("no_plan"), seed=5, scale=0.1).values
    hazards = {}
    for age, parameter in zip(AGE_CLASSES, ("year_1", "year_2", "year_3", "later", "old"), strict=True):
        closed, lived = series(f"firms_closed_{age}").sum(), series(f"firm_years_{age}").sum()
        hazards[age] = closed / lived
        error = math.sqrt(closed) / lived
        # Five standard errors, because the few large firms close more rarely.
        assert hazards[age] == pytest.approx(stated[f"exit_hazard_{parameter}"], abs=5 * error)
    assert hazards["under_1"] < min(hazards["1_to_2"], hazards["2_to_3"])
    lived = sum(series(f"firm_years_{age}") for age in AGE_CLASSES)
    assert np.allclose(lived, 0.25 * series("technology_enterprises"), rtol=0.05)
