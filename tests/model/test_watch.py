"""Single units and calls that a run takes down: they sum to its indicators, and change nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.model import Ecosystem, Record, Watch, run, watched_columns
from shaanxi_transfer.model.recorded_columns import CALL, UNITS
from shaanxi_transfer.scenarios import Scenario, load


def scenario() -> Scenario:
    """A smaller province with the plan from 2011 on, so that every programme calls within three years."""
    return load("action_plan").set(plan_start="2011-Q1", end="2013-Q2", technology_firms_2017=8_500.0)


@pytest.fixture(scope="module")
def watched() -> Record:
    return run(scenario(), seed=3, scale=1.0, watch=Watch())


@pytest.fixture(scope="module")
def tables(watched: Record) -> Mapping[str, pd.DataFrame]:
    return watched.tables


def by_quarter(table: pd.DataFrame, *columns: str) -> np.ndarray:
    """Sum of columns in each quarter."""
    sums = table.groupby(["year", "quarter"])[list(columns)].sum().sum(axis=1)
    return np.asarray(sums, dtype=float)


def test_a_watched_run_equals_another_to_the_bit(
    watched: Record, same_record: Callable[[Record, Record], None]
) -> None:
    plain = run(scenario(), seed=3, scale=1.0)
    same_record(plain, watched)
    assert plain.tables == {}


FLOWS: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("firm", ("loan_programme",), ("loans_new",)),
    ("bank", ("lent_programme",), ("loans_new",)),
    ("firm", ("loan_ordinary",), ("ordinary_loans_new",)),
    ("bank", ("lent_ordinary",), ("ordinary_loans_new",)),
    ("bank", ("compensated",), ("compensation_paid",)),
    ("firm", ("debt",), ("loans_outstanding", "ordinary_loans_outstanding")),
    ("bank", ("book_programme",), ("loans_outstanding",)),
    ("firm", ("sold",), ("contract_value_signed_enterprise",)),
    ("owner", ("results_sold",), ("results_contracted",)),
    ("owner", ("spin_offs",), ("spin_offs",)),
    ("owner", ("firms_of_people",), ("firms_of_researchers",)),
    ("owner", ("firms_of_owner",), ("firms_of_owners", "military_joint_firms")),
    ("city", ("firms",), ("technology_enterprises",)),
    ("city", ("sold_count",), ("contract_count_output",)),
    ("city", ("sold_value",), ("contract_value_output",)),
    ("city", ("bought_count",), ("contract_count_inflow",)),
    ("city", ("bought_value",), ("contract_value_inflow",)),
    ("city", ("rd",), ("rd_expenditure",)),
    ("firm", ("certified",), ("high_tech_enterprises",)),
    ("firm", ("closed",), tuple(f"firms_closed_{age}" for age in (
        "under_1", "1_to_2", "2_to_3", "3_to_7", "over_7"))),
]  # fmt: skip


def test_licences_of_owners_are_those_that_no_pool_granted(watched: Record) -> None:
    licences = by_quarter(watched.tables["owner"], "results_licensed")
    of_pools = watched.series("results_licensed") - licences
    assert licences.sum() > 0 and (of_pools >= 0).all()


@pytest.mark.parametrize(("unit", "columns", "indicators"), FLOWS)
def test_units_sum_to_the_indicators(
    watched: Record, unit: str, columns: tuple[str, ...], indicators: tuple[str, ...]
) -> None:
    sums = by_quarter(watched.tables[unit], *columns)
    assert sums.sum() > 0
    assert np.array_equal(sums, sum(watched.series(name) for name in indicators))


@pytest.mark.parametrize(
    ("fund", "indicator"), [("guidance", "guidance_fund_invested"), ("other", "venture_invested")]
)
def test_stakes_sum_to_what_funds_invested(watched: Record, fund: str, indicator: str) -> None:
    bought = by_quarter(watched.tables["firm"], f"stake_{fund}_public", f"stake_{fund}_private")
    assert bought.sum() > 0
    assert np.array_equal(np.cumsum(bought), watched.series(indicator))


def test_owners_sell_what_their_kind_signed(watched: Record) -> None:
    for kind, rows in watched.tables["owner"].groupby("kind", observed=True):
        signed = watched.series(f"contract_value_signed_{kind}")
        assert np.array_equal(by_quarter(rows, "sold"), signed), kind


def test_a_firm_has_one_row_a_quarter_from_its_entry_to_its_close(tables: Mapping[str, pd.DataFrame]) -> None:
    firms = tables["firm"].assign(at=lambda t: 4 * t["year"].astype(int) + t["quarter"])
    lives = firms.groupby("key").agg(
        first=("at", "min"), last=("at", "max"), rows=("at", "size"),
        entered=("entered", "sum"), closed=("closed", "sum"),
    )  # fmt: skip
    assert (lives["rows"] == lives["last"] - lives["first"] + 1).all()
    assert (lives["entered"][lives["first"] > firms["at"].min()] == 1).all()
    assert 0 < lives["entered"][lives["first"] == firms["at"].min()].sum() < len(lives)
    assert (lives["closed"][lives["last"] < firms["at"].max()] == 1).all()


def test_a_partner_is_new_once(tables: Mapping[str, pd.DataFrame]) -> None:
    firms = tables["firm"]
    here = [f"bought_{kind}" for kind in ("university", "research_institute", "military_unit", "enterprise")]
    assert (firms["producers_new"] <= firms[here[:3]].sum(axis=1)).all()
    assert (firms["partners_new"] <= firms[here].sum(axis=1)).all()
    by_year = firms.groupby("year")[["partners_new", *here]].sum()
    share = by_year["partners_new"] / by_year[here].sum(axis=1)
    assert 0.0 < share[2013] < share[2010] <= 1.0


def test_winners_and_losers_are_the_applicants_of_a_call(tables: Mapping[str, pd.DataFrame]) -> None:
    calls = tables["call"]
    assert not calls.duplicated(["year", "quarter", "programme", "applicant"]).any()
    by_call = calls.groupby(["year", "quarter", "programme"], observed=True)["won"].agg(["sum", "size"])
    held = by_call.loc[
        (slice(None), slice(None), ["voucher", "contests", "technology_loan", "fund_stake"]), :
    ]
    assert ((held["sum"] > 0) & (held["sum"] < held["size"])).any()
    assert not calls["used"][~calls["won"]].any()
    assert ((calls["user"] > 0) == calls["used"]).all()


@pytest.mark.parametrize(
    ("programme", "indicator"),
    [
        ("voucher", "vouchers_redeemed"),
        ("challenge_tender", "challenge_tenders_held"),
        ("open_instrument", "instrument_services"),
        ("contests", "contest_prizes_given"),
        ("mentors", "founders_with_mentor"),
        ("fast_growers", "fast_growers_paid"),
    ],
)
def test_what_was_used_is_what_the_run_counts(watched: Record, programme: str, indicator: str) -> None:
    calls = watched.tables["call"]
    used = calls[(calls["programme"] == programme) & calls["used"]].groupby(["year", "quarter"]).size()
    quarters = [(quarter.year, quarter.quarter) for quarter in watched.quarters]
    counted = watched.series(indicator)
    assert counted.sum() > 0
    assert np.array_equal(used.reindex(quarters, fill_value=0), counted)


def test_loans_go_to_those_above_the_threshold(tables: Mapping[str, pd.DataFrame]) -> None:
    calls = tables["call"]
    for programme, column in (("technology_loan", ["loan_ordinary", "loan_programme"]),
                              ("loan_compensation", ["loan_programme"])):  # fmt: skip
        asked = calls[calls["programme"] == programme]
        won = asked[asked["won"]]
        assert len(won) > 0
        assert (won["score"] >= won["threshold"]).all()
        assert ((asked["score"] < asked["threshold"]) & ~asked["won"]).any()
        lent = tables["firm"][tables["firm"][column].sum(axis=1) > 0]
        assert sorted(won["applicant"]) == sorted(lent["key"])


def test_a_jury_takes_those_with_the_best_scores(tables: Mapping[str, pd.DataFrame]) -> None:
    calls = tables["call"]
    ranked = calls[calls["rule"] == "rank"]
    assert len(ranked) > 0
    assert (ranked["won"] == (ranked["score"] >= ranked["threshold"])).all()


def test_columns_are_those_that_are_listed(tables: Mapping[str, pd.DataFrame]) -> None:
    for name, columns in {**UNITS, "call": CALL}.items():
        assert list(tables[name]) == [column.name for column in columns]
    assert next(iter(tables["firm"]["city"].cat.categories)) == "xian"
    listed = watched_columns()
    assert len(listed) == sum(len(table.columns) for table in tables.values())
    assert listed["meaning"].str.len().min() > 0


def test_revenue_of_a_city_is_that_of_its_firms_at_work(tables: Mapping[str, pd.DataFrame]) -> None:
    firms = tables["firm"][~tables["firm"]["closed"]]
    when = ["year", "quarter", "city"]
    of_firms = firms.groupby(when, observed=False)["revenue"].sum()
    assert (tables["city"].set_index(when)["revenue"] == of_firms).all()


def test_only_what_is_asked_for_is_taken_down() -> None:
    short = scenario().set(end="2010-Q3", plan_start="2010-Q2")
    tables = run(
        short, seed=3, scale=1.0, watch=Watch(units=("bank",), programmes=("technology_loan",))
    ).tables
    assert set(tables) == {"bank", "call"}
    assert set(tables["call"]["programme"]) == {"technology_loan"}


def test_a_branch_goes_on_with_tables_of_its_own() -> None:
    short = scenario().set(end="2010-Q3", plan_start="2010-Q2")
    model = Ecosystem(short, seed=3, scale=1.0, watch=Watch())
    model.step()
    twin = model.branch(short)
    twin.step()
    of_one = model.record().tables
    model.step()
    for name, table in model.record().tables.items():
        assert len(of_one[name]) < len(table)
        pd.testing.assert_frame_equal(table, twin.record().tables[name])


def test_below_scale_one_or_by_month_nothing_is_watched() -> None:
    with pytest.raises(InputError, match=r"scale: at scale 0\.5 a row stands for several firms.*allowed 1"):
        run(scenario(), scale=0.5, watch=Watch())
    with pytest.raises(InputError, match=r"steps_per_year: with 12 steps a year.*allowed 4"):
        run(scenario().set(steps_per_year=12), scale=1.0, watch=Watch())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"units": ("firms",)}, r"watch.units: 'firms' is not a kind of unit.*did you mean firm\?"),
        ({"programmes": ("vouchers",)}, r"watch.programmes: 'vouchers' is not.*did you mean voucher\?"),
        ({"units": "firm"}, r"watch.units: 'firm' is one word"),
    ],
)
def test_unknown_names_are_refused(given: dict[str, tuple[str, ...]], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Watch(**given)
