"""People, brokers and platforms in whole runs of the province."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from shaanxi_transfer.agents.incubator import INCUBATOR, MAKER_SPACE, STAR_SKY
from shaanxi_transfer.model import Ecosystem, run
from shaanxi_transfer.model.indicators.of_people import people_indicators
from shaanxi_transfer.model.record import Record
from shaanxi_transfer.model.running import run_together
from shaanxi_transfer.model.state.support_before_the_plan import usual_levels
from shaanxi_transfer.scenarios import load
from shaanxi_transfer.scenarios.choosing.catalogue import lever_catalogue

SEEDS = range(300, 315)
SCALE = 0.02
LEVERS = {
    "training_seats": "trained_people",
    "demonstration_certifications": "demonstration_institutions",
    "incubators_founded": "incubators",
    "maker_spaces_founded": "maker_spaces",
    "brokers_founded": "brokers",
}
OTHERS = {"transfer_posts": 60.0, "practising_retention": 0.6}
NAMES = [indicator.id for indicator in people_indicators()]


@pytest.fixture(scope="module")
def futures() -> Iterator[list[Record]]:
    scenario = load("no_plan").set(end="2018-Q1")
    yield [run(scenario, seed=seed, scale=SCALE) for seed in SEEDS]


def median(futures: list[Record], name: str, quarter: str) -> float:
    place = [str(one) for one in futures[0].quarters].index(quarter)
    return float(np.median([record.series(name)[place] for record in futures]))


@pytest.mark.parametrize(
    ("name", "counted"), [("incubators", 81), ("maker_spaces", 164), ("incubation_platforms", 245)]
)
def test_platforms_of_august_2017_are_met_within_15_percent(
    name: str, counted: float, futures: list[Record]
) -> None:
    assert median(futures, name, "2017-Q3") == pytest.approx(counted, rel=0.15)


def test_assumed_numbers_of_2017_are_met(futures: list[Record]) -> None:
    assert 40 <= median(futures, "demonstration_institutions", "2017-Q4") <= 80
    assert 80 <= median(futures, "brokers", "2017-Q4") <= 180
    assert median(futures, "incubator_tenants", "2016-Q4") == pytest.approx(3_866, rel=0.25)
    # 60 a year in the middle of the prior, from 2016 on.
    assert 60 <= median(futures, "trained_people", "2017-Q4") <= 220


def test_institutions_of_2017_follow_their_drawn_number() -> None:
    scenario = load("no_plan").set(end="2017-Q4")
    reached = {}
    for number in (40.0, 80.0):
        fixed = scenario.set(parameters={"demonstration_institutions_2017": number})
        reached[number] = np.mean(
            [run(fixed, seed=seed, scale=SCALE).series("demonstration_institutions")[-1] for seed in range(6)]
        )
        assert reached[number] == pytest.approx(number, rel=0.2)


def test_counts_begin_when_they_should(futures: list[Record]) -> None:
    for record in futures:
        quarters = [str(one) for one in record.quarters]
        trained = record.series("trained_people")
        assert not trained[: quarters.index("2016-Q1")].any()
        assert (np.diff(trained) >= 0).all()
        assert not record.series("maker_spaces")[: quarters.index("2015-Q1")].any()
        assert not record.series("platforms_new_since_2018")[: quarters.index("2018-Q1")].any()
        assert record.series("platforms_new_since_2018")[-1] > 0


def test_rates_lead_to_the_assumed_numbers() -> None:
    parameters = Ecosystem("no_plan", scale=0.01).province.parameters
    usual = usual_levels(parameters, 2010.0, 2018.0)
    number, certified = float(round(parameters.brokers_2010)), 0.0
    for step in range(8_000):
        number += (usual.replaced + usual.brokers - parameters.broker_exit * number) * 0.001
        if step >= 1_000:
            losing = parameters.broker_exit + parameters.demonstration_exit
            certified += (usual.certifications - losing * certified) * 0.001
    share = parameters.demonstration_share_2017
    assert certified == pytest.approx(parameters.demonstration_institutions_2017, rel=0.01)
    assert number == pytest.approx(parameters.demonstration_institutions_2017 / share, rel=0.01)


@pytest.mark.parametrize("name", LEVERS)
def test_reference_of_a_programme_is_its_levers_history(name: str) -> None:
    lever = lever_catalogue()[name]
    parameters = load("no_plan").parameter_centrals()
    reference = {
        "training_seats": "training_seats_reference",
        "demonstration_certifications": "demonstration_certifications_reference",
    }.get(name, f"{name}_reference")
    assert parameters[reference] == lever.level_before


@pytest.mark.parametrize("name", LEVERS)
def test_each_lever_moves_its_own_indicator_from_its_start_on(name: str) -> None:
    base = load("no_plan").set(end="2020-Q4")
    more = base.set(levers={name: 3.0 * lever_catalogue()[name].plan})
    without, with_more = run_together([base, more], seed=9, scale=SCALE)
    begin = [str(quarter) for quarter in without.quarters].index("2018-Q2")
    assert (without.values[:begin] == with_more.values[:begin]).all()
    assert with_more.series(LEVERS[name])[-1] > without.series(LEVERS[name])[-1]


@pytest.mark.parametrize(
    "name", ["transfer_posts", pytest.param("practising_retention", marks=pytest.mark.soak)]
)
def test_posts_and_pay_keep_more_people_in_the_trade(name: str) -> None:
    base = load("no_plan")
    more = base.set(levers={name: OTHERS[name]})
    before, gain = 0.0, 0.0
    for seed in range(4):
        without, with_more = run_together([base, more], seed=seed, scale=SCALE)
        begin = [str(quarter) for quarter in without.quarters].index("2018-Q2")
        assert (without.values[:begin] == with_more.values[:begin]).all()
        assert (without.series("trained_people") == with_more.series("trained_people")).all()
        before += without.series("practising_people")[-1]
        gain += with_more.series("practising_people")[-1] - without.series("practising_people")[-1]
    assert gain > 0.05 * before


def test_without_any_instrument_nothing_is_founded_or_trained() -> None:
    record = run("nothing", seed=4, scale=SCALE)
    for name in ("trained_people", "practising_people", "demonstration_institutions", "maker_spaces"):
        assert not record.series(name).any(), name
    assert (np.diff(record.series("incubators")) <= 0).all()
    assert 0.5 < record.series("brokers")[-1] / record.series("brokers")[0] < 2.0


def test_sums_match_rows_and_rows_stay_in_order() -> None:
    ecosystem = Ecosystem("action_plan", seed=5, scale=SCALE)
    while ecosystem.running:
        ecosystem.step()
        province = ecosystem.province
        for table in (province.brokers, province.incubators):
            assert (np.diff(table.rows["key"].astype(object)) > 0).all()
            assert not table.rows["gone"].any()
        brokers, people, houses = province.brokers.rows, province.trainees.rows, province.incubators.rows
        working = people[people["practising"]]
        by_key = {int(key): 0 for key in brokers["key"]}
        offices = 0
        for person in working:
            if int(person["employer"]) in by_key:
                by_key[int(person["employer"])] += 1
            else:
                offices += 1
        assert list(by_key.values()) == brokers["trained"].tolist()
        assert (brokers["staff"] >= brokers["trained"]).all()
        assert offices == province.producers["university"].rows["staff"].sum()
        assert (houses["tenants"] <= houses["capacity"]).all()
    record = ecosystem.record()
    last = {name: record.series(name)[-1] for name in NAMES}
    assert last["incubators"] == (houses["kind"] == INCUBATOR).sum()
    assert last["maker_spaces"] == (houses["kind"] == MAKER_SPACE).sum()
    country = (houses["kind"] == STAR_SKY).sum()
    assert last["star_sky_platforms"] == country > 0, "they are counted apart"
    assert last["incubation_platforms"] == last["incubators"] + last["maker_spaces"]
    assert last["incubation_platforms"] == len(houses) - country
    assert last["demonstration_institutions"] == brokers["certified"].sum()
    assert last["broker_staff"] == brokers["staff"].sum()
    assert last["practising_people"] == len(working) > 0
    firms = province.enterprises.rows
    assert (
        last["incubator_tenants"]
        == houses["tenants"][houses["kind"] == INCUBATOR].sum()
        == firms["incubated"].sum()
    )
