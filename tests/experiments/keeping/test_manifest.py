from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.reached_code import reached
from shaanxi_transfer.experiments.keeping.manifest import (
    differences,
    hash_of_code,
    hash_of_data,
    hash_of_identity,
)
from shaanxi_transfer.experiments.places import PACKAGE
from shaanxi_transfer.experiments.planning.code_of_numbers import COUNTING, MADE_OF


@pytest.mark.parametrize("kind", MADE_OF)
def test_the_code_of_an_experiment_is_what_its_runs_and_tables_reach(kind: str) -> None:
    found = reached(PACKAGE, MADE_OF[kind], left_out=COUNTING)
    assert {"run", "certify", "pay", "uniform", "Store.add", "future_seed"} <= set(found)
    assert not {"indicators", "contract_indicators", "theme", "write_page", "doctor"} & set(found)
    assert len(hash_of_code(kind)) == 64


def test_each_kind_of_experiment_has_its_own_tables() -> None:
    assert hash_of_code("forecast") != hash_of_code("sensitivity")
    assert "target_table" in reached(PACKAGE, MADE_OF["forecast"], left_out=COUNTING)


def test_one_more_indicator_is_no_other_experiment() -> None:
    then: dict[str, Any] = {"seed": 1, "indicators": {"turnover": "abc"}}
    now = {"seed": 1, "indicators": {"turnover": "abc", "top_ten_share": "def"}}
    assert hash_of_identity(then) == hash_of_identity(now)
    assert differences(then, now) == []
    assert differences(then, {"seed": 1, "indicators": {"turnover": "abd"}}) == ["indicators.turnover"]
    assert differences(now, then) == ["indicators.top_ten_share"]


def test_the_data_hash_sees_content_and_names(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1", encoding="utf-8")
    first = hash_of_data(tmp_path)
    (tmp_path / "a.csv").write_text("2", encoding="utf-8")
    second = hash_of_data(tmp_path)
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    assert len({first, second, hash_of_data(tmp_path)}) == 3


def test_an_identity_is_the_same_in_any_order_and_differs_by_any_value() -> None:
    assert hash_of_identity({"runs": 1, "seed": 2}) == hash_of_identity({"seed": 2, "runs": 1})
    assert hash_of_identity({"runs": 1, "seed": 2}) != hash_of_identity({"runs": 1, "seed": 3})
