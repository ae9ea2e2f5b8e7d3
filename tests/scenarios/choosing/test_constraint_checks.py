"""What contradicts itself is refused with its file and key: parts of a price, a face above its budget."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import lever_catalogue, list_overlays, list_scenarios, load

HEAD = "name: mine\ntitle_en: mine\ntitle_zh: 我的\nbase: action_plan\n"


@pytest.mark.parametrize(
    ("share", "fee", "refused"),
    [(0.95, 0.05, False), (0.951, 0.05, True), (0.97, None, False), ({"2019-Q1": 0.96}, 0.05, True)],
)
def test_shares_sum_to_one_at_most(share: Any, fee: float | None, refused: bool) -> None:
    held = {} if fee is None else {"broker_fee_share": fee}
    for name in ("inventor_share_university", "inventor_share_military", "listed_income_share"):
        if refused:
            with pytest.raises(InputError, match=rf"{name} 0\.9\d* and broker_fee_share 0\.05 sum to 1\.0"):
                load("no_plan").set(**{name: share}, parameters=held)
        else:
            load("no_plan").set(**{name: share}, parameters=held)


def test_file_line_and_key_are_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        HEAD + "levers:\n  inventor_share_institute: 0.96\nparameters:\n  broker_fee_share: 0.05\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as told:
        load(file)
    message = str(told.value)
    assert "mine.yaml:8" in message and "parameters.broker_fee_share" in message
    assert "inventor_share_institute at most 0.95" in message


def test_the_plan_leaves_a_part_to_the_owner() -> None:
    load("action_plan")


@pytest.mark.parametrize(
    ("levers", "refused"),
    [
        ({"voucher_budget": 4e5, "voucher_face_value": 4e5}, None),
        ({"voucher_budget": 4e5, "voucher_face_value": 4.1e5}, "voucher_face_value 410000 is above"),
        ({"voucher_budget": 0.0, "voucher_face_value": 5e5}, None),
        ({"voucher_face_value": 5e5}, None),
        ({"voucher_budget": {"2019-Q1": 4e5}, "voucher_face_value": 5e5}, "from 2019-Q1 on"),
        ({"voucher_budget": {"2019-Q1": 4e5, "2020-Q1": 0.0}, "voucher_face_value": {"2020-Q1": 5e5}}, None),
    ],
)
def test_a_vouchers_face_lies_within_its_budget(levers: dict[str, Any], refused: str | None) -> None:
    if refused is None:
        load("no_plan").set(**levers)
        return
    with pytest.raises(InputError, match=refused) as told:
        load("no_plan").set(**levers)
    assert "voucher_budget 0 or at least" in str(told.value) and "\n" not in str(told.value)


def test_a_share_of_the_plans_step_counts_as_well() -> None:
    with pytest.raises(InputError, match="voucher_face_value 50000 is above voucher_budget 20000"):
        load("action_plan").set(scaled={"voucher_budget": 0.001})


def test_the_face_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        HEAD + "levers:\n  voucher_budget: 300000\n  voucher_face_value: 500000\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as told:
        load(file)
    assert "mine.yaml:7" in str(told.value) and "levers.voucher_face_value" in str(told.value)


def test_what_is_declared_names_levers_and_parameters() -> None:
    levers, parameters = lever_catalogue(), load("no_plan").parameter_table()
    assert {one.within for one in levers.values() if one.within} == {"voucher_budget"} <= set(levers)
    others = {other for one in levers.values() for other in one.sums_with}
    assert others == {"broker_fee_share"} <= set(parameters)
    assert levers["fund_leverage"].low == 1.0, "leverage at least 1 is a bound"
    for lever in levers.values():
        if lever.within is not None:
            assert lever.unit.partition("/")[0] == levers[lever.within].unit.partition("/")[0]


def test_whatever_comes_with_the_package_keeps_them() -> None:
    for name in list_scenarios():
        load(name)
    for overlay in list_overlays():
        load(f"action_plan+{overlay}")
