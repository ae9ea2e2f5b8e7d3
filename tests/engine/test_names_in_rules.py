"""What no rule mentions is known to be read by none."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.engine.names_in_rules import may_be_read
from shaanxi_transfer.scenarios import lever_catalogue, load


@pytest.mark.parametrize("province", ["shaanxi", "hubei"])
def test_every_lever_and_parameter_of_today_may_be_read(province: str) -> None:
    names = [*lever_catalogue(), *load("no_plan").set(province=province).parameters_before_overrides()]
    assert [name for name in names if not may_be_read(name)] == []


def test_names_that_are_put_together_may_be_read(tmp_path: Path) -> None:
    for room in ("engine", "agents", "model"):
        (tmp_path / room / "deep").mkdir(parents=True)
    rule = "x = levers.fund_size + values[f'drift_sd_{path}'] + values[f'{kind}_subsidy']\n"
    (tmp_path / "model" / "deep" / "rule.py").write_text(rule, encoding="utf-8")
    read = ["fund_size", "drift_sd_rd", "incubator_subsidy"]
    unread = ["fund", "size", "drift", "subsidy", "voucher_budget"]
    assert [name for name in [*read, *unread] if may_be_read(name, tmp_path)] == read
