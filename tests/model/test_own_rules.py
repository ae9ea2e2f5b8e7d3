"""A rule from outside stands in the model's place while a run lasts, and no longer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents.enterprise import certify
from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.engine.rules import rule
from shaanxi_transfer.model import Ecosystem, run
from shaanxi_transfer.model.ecosystem import rules_of_the_quarter
from shaanxi_transfer.model.state.parameter_records import FAMILIES
from shaanxi_transfer.scenarios import Scenario, load

COUNT = "high_tech_enterprises"


@pytest.fixture(scope="module")
def short() -> Scenario:
    return load("no_plan").set(province="gansu", end="2012-Q4", plan_start="2011-Q1", belief="prior")


def never_again(firms: Any, parameters: Any, now: Any, seed: Any) -> None:
    for i in range(len(firms)):
        firms[i].certified = 0


def nobody(firm: Any, now: Any) -> bool:
    return False


def every_other(firms: Any, parameters: Any, now: Any, seed: Any) -> None:
    if now.step % 2 == 0:
        certify(firms, parameters, now, seed)


def certify_plainly(province: Any) -> None:
    province.enterprises.rows["certified"] = 0


@pytest.mark.slow
def test_a_rule_is_replaced_where_it_is_called_compiled_or_plain_and_stands_again(short: Scenario) -> None:
    before = run(short, scale=0.02)
    assert before.series(COUNT)[-1] > 0
    # ... a compiled rule that the page's rules call, one that a compiled rule calls, one on the page itself.
    assert run(short, scale=0.02, rules={"enterprise.certify": never_again}).series(COUNT)[-1] == 0
    fewer = run(short, scale=0.02, rules={"standing.may_be_certified": nobody}).series(COUNT)[-1]
    assert fewer < before.series(COUNT)[-1]
    assert run(short, scale=0.02, rules={"firms.certify": certify_plainly}).series(COUNT)[-1] == 0
    assert np.array_equal(run(short, scale=0.02).values, before.values)


@pytest.mark.slow
def test_a_rule_may_call_the_one_that_it_replaces(short: Scenario) -> None:
    half = run(short, scale=0.02, rules={"enterprise.certify": every_other}).series(COUNT)
    whole = run(short, scale=0.02).series(COUNT)
    assert half[-1] > 0 and not np.array_equal(half, whole)


def test_the_same_rule_written_again_changes_nothing(short: Scenario) -> None:
    again = rules_of_the_quarter()["enterprise.certify"].function
    same = run(short, scale=0.02, rules={"enterprise.certify": again})
    assert np.array_equal(same.values, run(short, scale=0.02).values)


def test_all_that_the_page_calls_and_that_those_call_may_be_replaced() -> None:
    rules = rules_of_the_quarter()
    assert {"firms.certify", "enterprise.certify", "standing.may_be_certified", "bank.decide"} - {*rules} <= {
        "bank.decide"
    }
    assert len(rules) > 150
    certify_ = rules["enterprise.certify"]
    assert certify_.arguments == ("firms", "parameters", "now", "seed") and certify_.compiled
    assert certify_.sentence.startswith("Certify high-technology enterprises")
    assert not rules["firms.certify"].compiled


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown name": ({"enterprise.certfy": nobody}, "no rule is called.*did you mean enterprise.certify"),
    "other arguments": ({"enterprise.certify": nobody}, r"test_own_rules.py:\d+: enterprise.certify: nobody"),
    "no function": ({"enterprise.certify": 3}, "3 is no function"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_take_a_rule_s_place_is_refused(short: Scenario, what: str) -> None:
    rules, words = REFUSED[what]
    with pytest.raises(InputError, match=words):
        Ecosystem(short, scale=0.02, rules=rules)


def reads_nonsense(firm: Any, now: Any) -> bool:
    return bool(firm.no_such_column)


@pytest.mark.slow
def test_a_rule_that_does_not_compile_is_refused_with_its_place(short: Scenario) -> None:
    with pytest.raises(InputError, match=r"test_own_rules.py:\d+: .*cannot be compiled.*no_such_column"):
        run(short, scale=0.02, rules={"standing.may_be_certified": reads_nonsense})
    assert run(short, scale=0.02).series(COUNT)[-1] > 0


@rule
def share_of_vouchers(parameters: Any) -> float:
    return parameters.voucher_unused  # type: ignore[no-any-return]


def reads_another_family(firms: Any, parameters: Any, now: Any, seed: Any) -> None:
    for i in range(len(firms)):
        firms[i].certified = 1000.0 * share_of_vouchers(parameters)


def reads_no_parameter(firms: Any, parameters: Any, now: Any, seed: Any) -> None:
    for i in range(len(firms)):
        firms[i].certified = parameters.voucher_unusd


@pytest.mark.slow
def test_a_rule_reads_any_parameter_of_the_model(short: Scenario) -> None:
    assert "voucher_unused" not in FAMILIES["firms"]
    before, families = run(short, scale=0.02), dict(FAMILIES)
    ecosystem = Ecosystem(short, scale=0.02, rules={"enterprise.certify": reads_another_family})
    ecosystem.step()
    terms: Any = ecosystem.province.terms
    assert float(terms.firms["voucher_unused"]) == ecosystem.province.values["voucher_unused"] > 0.0
    told = int(1000.0 * ecosystem.province.values["voucher_unused"])
    assert ecosystem.province.enterprises.rows["certified"].max() == told
    assert families == FAMILIES
    assert np.array_equal(run(short, scale=0.02).values, before.values)


def test_a_parameter_that_is_none_is_refused_with_the_nearest(short: Scenario) -> None:
    words = r"test_own_rules.py:\d+: .*'voucher_unusd', which is no parameter.*did you mean voucher_unused\?"
    with pytest.raises(InputError, match=words):
        Ecosystem(short, scale=0.02, rules={"enterprise.certify": reads_no_parameter})


def rows(province: Any) -> float:
    return float(len(province.enterprises.rows))


def test_an_indicator_from_outside_is_recorded_behind_the_others(short: Scenario) -> None:
    own = {"rows": (rows, "count", "stock", "Rows", "行数"), "flow": (rows, "count", "flow", "Sum", "和")}
    record = run(short, scale=0.02, indicators=own)  # type: ignore[arg-type]
    assert record.indicators[-2:] == ("rows", "flow")
    assert record.series("rows")[-1] > 0 and record.series("flow")[-1] == record.series("rows")[-1]
    assert np.array_equal(record.values[:, :-2], run(short, scale=0.02).values)


INDICATORS: dict[str, tuple[dict[str, Any], str]] = {
    "a name that is taken": ({COUNT: (rows, "count", "stock", "a", "a")}, "there is an indicator"),
    "no name": ({"a b": (rows, "count", "stock", "a", "a")}, "is no name"),
    "an unknown unit": ({"own": (rows, "cuont", "stock", "a", "a")}, "unit.*did you mean count"),
    "an unknown kind": ({"own": (rows, "count", "stok", "a", "a")}, "kind.*did you mean stock"),
    "too few entries": ({"own": (rows, "count")}, "is no indicator"),
    "no function": ({"own": ("rows", "count", "stock", "a", "a")}, "is no function"),
    "no number": (
        {"own": (lambda p: float("nan"), "count", "stock", "a", "a")},
        "gives nan; allowed one finite",
    ),
    "a text": ({"own": (lambda p: "many", "count", "stock", "a", "a")}, "gives 'many'"),
    "an array": ({"own": (lambda p: np.zeros(2), "count", "stock", "a", "a")}, "gives array"),
}


@pytest.mark.parametrize("what", INDICATORS)
def test_what_is_no_indicator_is_refused(short: Scenario, what: str) -> None:
    indicators, words = INDICATORS[what]
    with pytest.raises(InputError, match=words):
        run(short.set(end="2011-Q1"), scale=0.02, indicators=indicators)
