"""Scenarios changed by words of a command line."""

from __future__ import annotations

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import changed_in_words, load
from shaanxi_transfer.scenarios.changed_in_words import changes_of_words


def test_words_say_what_set_says() -> None:
    plan = load("action_plan")
    words = [
        "fund_size=8e9",
        "voucher_budget@2019-Q1=2e7",
        "task_15 = no_plan",
        "delay_quarters=2",
        "task_10=no_plan",
    ]
    changed = changed_in_words(plan, words)
    same = plan.set(
        fund_size=8e9,
        voucher_budget={"2019-Q1": 2e7},
        task_15="no_plan",
        task_10="no_plan",
        delay_quarters=2,
    )
    assert changed.hash == same.hash and changed.name == same.name
    assert changed.title_en.startswith(f"{plan.title_en} with fund_size=8e9, voucher_budget@2019-Q1=2e7")
    assert changed_in_words(plan, []) is plan


def test_what_is_named_keeps_its_name() -> None:
    changed = changed_in_words(load("action_plan"), ["fund_size=8e9", "name=small", "title_en=Small"])
    assert (changed.name, changed.title_en) == ("small", "Small")


def test_dates_of_one_lever_are_one_path() -> None:
    assert changes_of_words(["a@2019-Q1=1", "a@2020-Q3=0"]) == {"a": {"2019-Q1": 1, "2020-Q3": 0}}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["fund_size"], r"^changes: 'fund_size' changes nothing; allowed NAME=VALUE"),
        (["fund_size="], r"^changes: 'fund_size=' changes nothing"),
        (["=3"], r"^changes: '=3' changes nothing"),
        (["fund_size=1", "fund_size=2"], r"^changes: 'fund_size' is set twice"),
        (["fund_size=1", "fund_size@2019-Q1=2"], r"^changes: 'fund_size' is set twice"),
        (["fund_size@2019-Q1=1", "fund_size@2019-Q1=2"], r"^changes: 'fund_size' is set twice"),
        (["fund_size@2019q1=2"], r"'2019q1' is not a quarter; .*did you mean 2019-Q1\?"),
        (["levers=3"], r"^changes: 'levers' holds several things"),
        (["fundsize=3"], r"no lever, parameter or field is called 'fundsize'; .*did you mean fund_size\?"),
        (["voucher_budget@2017-Q1=2e7"], r"2017-Q1 lies before the plan's start"),
        (["equity_share_university=55"], r"did you mean 0.55\?"),
    ],
)
def test_a_word_that_is_none_is_refused(words: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        changed_in_words(load("action_plan"), words)
    assert "\n" not in str(refused.value)
