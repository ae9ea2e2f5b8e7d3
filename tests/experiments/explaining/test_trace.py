"""One future traced, from deals that are known: who is chosen, what is told, in which words."""

from __future__ import annotations

import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.explaining.trace import (
    COLUMNS,
    EVENTS,
    check_future,
    middle,
    stories,
)
from shaanxi_transfer.reports.tables.trace_rows import told
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language
from shaanxi_transfer.scenarios import load

LARGE = 2**63 + 11
"""A key that no float holds."""


def contract(key: int, value: int, year: int = 2020, quarter: int = 2, **other: object) -> dict[str, object]:
    usual = {
        **{"seller": "university", "seller_key": 7, "seller_city": "xian"},
        **{"buyer": "enterprise", "buyer_key": LARGE, "buyer_city": "baoji"},
        **{"type": "development", "field": "biotechnology", "channel": "broker", "registered": True},
    }
    return {"key": key, "value": value, "year": year, "quarter": quarter, **usual, **other}


CONTRACTS = pd.DataFrame(
    [
        contract(1, 100, year=2019),
        contract(2, 900),
        contract(LARGE, 300),
        contract(4, 200, seller_key=9),
        contract(5, 300, seller_key=9),
        contract(6, 10, registered=False),
        contract(7, 20, seller_city="", seller="outside", seller_key=0),
    ]
)

FIRM = {
    **dict.fromkeys(("bought_university", "paid_university", "partners_new", "sold", "rd"), 0),
    **dict.fromkeys(("loan_programme", "loan_ordinary", "stake_guidance_public", "stake_other_private"), 0),
    **dict.fromkeys(("certified", "entered", "closed"), False),
    **{"city": "xian", "field": "biotechnology"},
}


def firm(key: int, year: int, quarter: int, revenue: int, **other: object) -> dict[str, object]:
    return {**FIRM, "key": key, "year": year, "quarter": quarter, "revenue": revenue, **other}


FIRMS = pd.DataFrame(
    [
        *(firm(1, 2020, quarter, 10, sold=5) for quarter in (3, 4)),
        firm(2, 2019, 4, 40, entered=True),
        firm(2, 2020, 2, 50, bought_university=2, paid_university=600, partners_new=1, certified=True),
        firm(2, 2020, 3, 50, certified=True, loan_programme=30, loan_ordinary=12),
        firm(2, 2020, 4, 50, certified=True, stake_other_private=8, sold=9, rd=3),
        firm(3, 2020, 4, 70, sold=1),
        firm(4, 2020, 4, 60),
        firm(5, 2020, 3, 45, sold=1),
        firm(5, 2020, 4, 45, closed=True),
    ]
)

STAKES = pd.DataFrame(
    [
        {"key": key, "fund": "other", "public_led": False, "firm_key": 5, "cost": cost, "year": year}
        | {"quarter": 3, "ends": 2024.6, "fails": fails}
        for key, cost, year, fails in ((1, 5, 2019, False), (2, 90, 2020, True), (3, 80, 2020, False))
    ]
)


def table(contracts: pd.DataFrame = CONTRACTS, stakes: pd.DataFrame = STAKES) -> pd.DataFrame:
    head = {"province": "shaanxi", "scenario": "action_plan", "future": 3, "seed": 1}
    rows = [{**head, **row} for row in stories(contracts, stakes, FIRMS, 2020)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def test_the_middle_is_the_lower_one_and_ties_go_by_key() -> None:
    four = pd.DataFrame({"key": [4, 3, 2, 1], "value": [1, 5, 5, 9]})
    assert middle(four, "value")["key"] == 2
    assert middle(four.iloc[1:], "value")["key"] == 3


def test_the_contract_of_the_median_value_is_told_with_what_was_before() -> None:
    found = table()
    chosen, told_of = found[found["story"] == "contract"].to_dict("records")
    assert chosen["count"] == 4, "not of another year, not registered, not from outside"
    assert told_of["key"] == "5" and told_of["amount"] == 300, "the lower of two in the middle, by key"
    assert told_of["count"] == 0
    (_, other) = table(CONTRACTS[CONTRACTS["key"] != 4])[:2].to_dict("records")
    assert other["key"] == str(LARGE) and other["count"] == 1, "they had one in 2019"


def test_the_enterprise_of_the_median_revenue_is_told_year_by_year() -> None:
    its = table().query("story == 'enterprise'")
    assert its["event"].tolist() == [
        *("enterprise_chosen", "founded", "year"),
        *("year", "bought", "sold", "certified", "loan", "stake_in"),
    ]
    rows = its.set_index(["event", "year"])
    assert (its["key"] == "2").all()
    assert rows.loc[("enterprise_chosen", 2020), "count"] == 3, "one without a deal, one that closed"
    assert [*rows[["count", "amount", "other_count"]].xs(("bought", 2020))] == [2, 600, 1]
    assert [*rows[["amount", "other_amount"]].xs(("loan", 2020))] == [42, 30]
    assert rows.loc[("stake_in", 2020), "amount"] == 8
    assert rows.loc[("year", 2020), "other_amount"] == 3


def test_the_stake_of_the_last_year_is_told_to_the_end_of_its_firm() -> None:
    its = table().query("story == 'stake'")
    assert its["event"].tolist() == ["stake_chosen", "stake", "firm_then", "firm_closed", "held"]
    assert (its["key"] == "3").all() and its["count"].iloc[0] == 2
    assert its["year"].iloc[-1] == 2024


def test_where_there_is_nothing_that_is_told() -> None:
    found = table(CONTRACTS.iloc[:1], STAKES.iloc[:0])
    assert {"no_contract", "no_stake"} <= set(found["event"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_has_words(language: Language) -> None:
    lines = list(told(table(), language))
    said = "\n".join(lines)
    assert {"en": "a university in Xian sells development in biotechnology to an enterprise in Baoji"}.get(
        language, "西安的一所高校向宝鸡的一家企业提供技术开发（生物技术）"
    ) in said
    assert {"en": "The two had never signed one before.", "zh": "双方此前未曾签约。"}[language] in said
    assert set(table()["event"]) < set(EVENTS)
    assert len(lines) == len(table()) + 5


def test_a_future_that_is_not_there_and_half_years_are_refused() -> None:
    plan = load("action_plan")
    assert check_future(9, 10, plan) == 9
    with pytest.raises(InputError, match="no future 10"):
        check_future(10, 10, plan)
    with pytest.raises(InputError, match="steps"):
        check_future(0, 10, plan.set(steps_per_year=2))
