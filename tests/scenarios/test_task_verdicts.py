"""Verdicts on the 28 tasks: whole, in both languages, and no better than the code allows."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import TASKS, lever_catalogue
from shaanxi_transfer.scenarios import task_verdicts as module
from shaanxi_transfer.scenarios.task_verdicts import evidence_of, task_verdicts

MULTIPLIED = {
    f"model.levers_in_force.{family}"
    for family in ("result_information", "maturity_at_birth", "outside_demand", "access_to_loans")
} | {"model.levers_in_force.trade_in_results"}
"""Where a lever is a gain times a level, and no actor decides."""


@pytest.mark.parametrize("task", TASKS)
def test_a_verdict_is_no_better_than_the_code_allows(task: str) -> None:
    verdict, mine = (
        task_verdicts()[task].verdict,
        [lever for lever in lever_catalogue().values() if lever.selector == task],
    )
    if all(lever.counts_only for lever in mine):
        assert verdict == "counter"
    if all(lever.rule in MULTIPLIED or lever.counts_only for lever in mine):
        assert verdict in ("knob", "counter", "wrong")
    if evidence_of(task) == "D":
        assert verdict != "sound"


GOOD = {
    "verdict": "thin",
    "mechanism_en": "a buyer asks",
    "mechanism_zh": "买方提出需求",
    "binds_en": "people",
    "binds_zh": "人手",
}


@pytest.mark.parametrize(
    ("task", "fields", "told"),
    [
        ("task_1", {}, "'task_1' is not a task"),
        ("task_01", {"verdict": "good"}, "verdict"),
        ("task_01", {"sizes": "[pilot_probabilty]"}, "pilot_probability"),
        ("task_01", {"sizes": "[pilot_grant]", "causal": "[pilot_grant]"}, "no study on which"),
        ("task_01", {"causal": "[voucher_additional]"}, "no study on which"),
        ("task_01", {}, "nothing is said of task_02"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    task: str, fields: dict[str, str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tasks.yaml"
    lines = [f"  {name}: {value}" for name, value in {**GOOD, **fields}.items()]
    file.write_text("\n".join([f"{task}:", *lines, ""]), encoding="utf-8")
    monkeypatch.setattr(module, "TASKS_FILE", file)
    task_verdicts.cache_clear()
    try:
        with pytest.raises(InputError, match=told) as refused:
            task_verdicts()
    finally:
        task_verdicts.cache_clear()
    assert "tasks.yaml" in str(refused.value)
