"""Grants: budgets kept, paid from the right account, a lottery that no stranger moves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from shaanxi_transfer.agents import grants
from shaanxi_transfer.agents.fund import OTHER
from shaanxi_transfer.agents.goods import IDLE
from shaanxi_transfer.agents.government import PROVINCE
from shaanxi_transfer.agents.standing import grows_fast
from shaanxi_transfer.engine.books import CAUSE
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.quarter import city_funds
from shaanxi_transfer.model.quarter import grant_programmes as programmes

MONEY = 10**10


@pytest.fixture
def province(begin_step: Callable[..., Province]) -> Province:
    return begin_step(8, riches=MONEY)


def spent(province: Province) -> int:
    return MONEY - int(province.treasuries.rows["cash"][PROVINCE])


def waiting(province: Province, sector: int = grants.ALL_OWNERS) -> int:
    return sum(bool(grants.waits_for_pilot(row, sector)) for row in province.results.rows)


def prepare_results(province: Province) -> None:
    rows = province.results.rows
    rows["seeking"], rows["state"], rows["needs_pilot"] = True, IDLE, True
    rows["piloted"] = rows["classified"] = False


@pytest.mark.parametrize(
    ("lever", "value", "task"),
    [
        ("pilot_grants", 4e7, 7),
        ("joint_centres", 40.0, 7),
        ("civil_military_fund", 4e7, 13),
        ("preindustrial_programme", 1e8, 22),
    ],
)
def test_pilots_are_paid_within_the_budget_and_done(
    province: Province, lever: str, value: float, task: int
) -> None:
    prepare_results(province)
    before = waiting(province)
    already = spent(province)
    setattr(province.levers, lever, value)
    programmes.support_pilots(province)
    paid = spent(province) - already
    yearly = value * province.values["joint_centre_grant"] if lever == "joint_centres" else value
    price = province.values["preindustrial_grant" if task == 22 else "pilot_grant"]
    assert 0 < paid == province.books.public[task, PROVINCE, CAUSE["grant"]] <= yearly / 4.0 + price
    assert before - waiting(province) == province.supported["pilots"] > 0
    province.books.close()


def test_civil_military_money_serves_military_units_alone(province: Province) -> None:
    prepare_results(province)
    province.levers.civil_military_fund = 1e9
    programmes.support_pilots(province)
    piloted = province.results.rows[province.results.rows["piloted"]]
    assert set(piloted["owner_sector"].tolist()) == {programmes._MILITARY_UNIT}


def test_an_empty_treasury_pays_no_grant(province: Province) -> None:
    prepare_results(province)
    cash = int(province.treasuries.rows["cash"][PROVINCE])
    province.treasuries.rows["cash"][PROVINCE] = 0
    province.books.holders["outside"].rows["cash"] += cash
    for lever in ("pilot_grants", "contest_prizes", "micro_seed_fund"):
        setattr(province.levers, lever, 1e8)
    programmes.support_pilots(province)
    programmes.support_firms(province)
    programmes.plant_micro_seeds(province)
    assert province.supported["pilots"] == 0 and province.books.paid("grant") == 0


def test_firms_are_cultivated_equipped_and_awarded(province: Province) -> None:
    firms = province.enterprises.rows
    certified, users = int(firms["certified"].sum()), int(firms["research_user"].sum())
    growth = firms["growth"].copy()
    province.levers.firms_cultivated = 400.0
    province.levers.firm_research_platforms = 80.0
    province.levers.contest_prizes = 2e7
    programmes.support_firms(province)
    assert 0 < firms["certified"].sum() - certified <= 100
    assert (firms["certified"] <= firms["members"]).all()
    assert 0 < firms["research_user"].sum() - users <= 20
    assert (firms["growth"] >= growth).all() and (firms["growth"] > growth).any()
    assert province.books.public[5].sum() > 0 < province.books.public[25].sum()
    assert province.books.public[25].sum() <= 2e7 / 4.0 + province.values["contest_prize"]
    province.books.close()


def test_gazelles_are_given_projects_and_founders_mentors(province: Province) -> None:
    firms = province.enterprises.rows
    gazelles = np.array([grows_fast(row, province.terms.finance, province.now) for row in firms])
    growth, users = firms["growth"].copy(), int(firms["research_user"].sum())
    province.levers.fast_growers_supported = 400.0
    programmes.support_firms(province)
    grown = firms["growth"] > growth
    assert 0 < province.supported["fast growers"] <= 100 and grown.any() and gazelles[grown].all()
    assert firms["research_user"].sum() > users
    price = int(province.values["fast_grower_grant"])
    assert province.books.public[5].sum() == province.supported["fast growers"] * price
    province.levers.fast_growers_supported = 0.0
    growth = firms["growth"].copy()
    province.levers.founders_mentored = 2000.0
    programmes.support_firms(province)
    grown = firms["growth"] > growth
    young = province.now.date - firms["born"] < province.values["incubation_admission_age"]
    assert grown.any() and (young & ~firms["large"])[grown].all()
    assert province.books.public[24].sum() == province.supported["mentors"] * int(
        province.values["mentor_cost"]
    )
    assert 300 < province.supported["mentors"] <= 500
    province.books.close()


def test_lots_keep_their_number_and_a_stranger_moves_none(province: Province) -> None:
    firms = province.enterprises.rows
    waiting, won = firms["members"].astype(np.int64), np.empty(len(firms), dtype=np.int64)

    def draw(number: int) -> list[int]:
        grants.draw_lots(firms, waiting, number, grants.MENTOR, province.now, province.seed, won)
        return [int(each) for each in won]

    assert sum(draw(0)) == 0
    assert [sum(draw(number)) for number in (1, 2, 200)] == [1, 2, 200]
    assert draw(int(waiting.sum())) == waiting.tolist(), "enough for all"
    before = draw(200)
    waiting[0] = 0
    after = draw(200)
    assert after[0] == 0
    assert sum(one != two for one, two in zip(before[1:], after[1:], strict=True)) <= 2


def test_micro_seeds_found_few_firms(province: Province) -> None:
    before = len(province.enterprises)
    province.levers.micro_seed_fund = 2e8
    programmes.plant_micro_seeds(province)
    tickets = province.books.public[24].sum() / int(province.values["micro_seed_ticket"])
    assert tickets == pytest.approx(1000, abs=1)
    founded = len(province.enterprises) - before
    assert founded == province.supported["student firms"]
    assert 0 < founded < 0.05 * tickets and province.supported["seeds anyway"] > 0
    applied = tickets + province.supported["seeds refused"]
    assert applied == pytest.approx(tickets * province.values["seed_applicants"], abs=1)
    province.books.close()


def test_a_founder_is_paid_once_and_only_if_there_is_money(province: Province) -> None:
    programmes.support_founder(province, 0)
    assert province.books.public[17].sum() == 0
    province.levers.founder_subsidy = 7.5e5
    cash = int(province.enterprises.rows["cash"][0])
    programmes.support_founder(province, 0)
    assert province.enterprises.rows["cash"][0] - cash == 750_000 == province.books.public[17].sum()


def test_public_funds_take_most_of_their_social_money_from_others(province: Province) -> None:
    funds = province.funds
    before = len(funds)
    province.levers.city_funds, province.levers.culture_fund = 12.0, 2e8
    city_funds.found_public_funds(province)
    new = funds.rows[before:]
    assert (new["kind"] == OTHER).all() and len(new) == 4
    assert new["treasury"][-1] == PROVINCE and new["government"][-1] == 50_000_000
    assert (new["treasury"][:-1] == 1 + new["city"][:-1]).all()
    crowd_in = province.values["fund_crowd_in"]
    assert (new["private"] <= crowd_in * new["government"] + 1).all()
    assert (new["private"] + new["relabelled"] + new["government"] < new["committed"]).all()
    assert province.books.public[21].sum() == new["government"].sum()
    province.books.close()


def test_small_public_money_waits_until_it_makes_a_fund(province: Province) -> None:
    """A million and a half a year, by quarters of 375,000: a fund of 1,125,000 every third quarter."""
    before = len(province.funds)
    province.levers.city_funds, province.levers.culture_fund = 0.0, 1.5e6
    founded = []
    for _ in range(6):
        city_funds.found_public_funds(province)
        founded.append(len(province.funds) - before)
    assert founded == [0, 0, 1, 1, 1, 2]
    assert province.funds.rows["government"][before:].tolist() == [1_125_000] * 2
    assert province.finance.carried["culture fund"] == 0.0


def test_what_an_ended_fund_left_lapses(province: Province) -> None:
    province.levers.culture_fund = 3.6e6
    city_funds.found_public_funds(province)
    assert province.finance.carried["culture fund"] == 900_000.0
    province.levers.culture_fund = 0.0
    city_funds.found_public_funds(province)
    assert "culture fund" not in province.finance.carried


def test_one_candidate_more_moves_one_grant_at_most(province: Province) -> None:
    prepare_results(province)
    rows = province.results.rows
    source = np.uint64(77)
    books = province.books

    def piloted(keep: int) -> set[int]:
        rows["piloted"] = False
        part = rows[:keep]
        grants.fund_pilots(
            part,
            -1,
            10,
            1000,
            7,
            source,
            province.terms.results,
            province.now,
            province.seed,
            province.purse,
            books.flows,
            books.public,
        )
        return {int(key) for key in part["key"][part["piloted"]]}

    many, fewer = piloted(len(rows)), piloted(len(rows) - 1)
    assert len(many) == len(fewer) == 10
    assert len(many - fewer) <= 1
