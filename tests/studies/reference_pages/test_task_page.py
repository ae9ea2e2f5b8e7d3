"""The page on the tasks says how far what may bind is used, and which tasks move that."""

from __future__ import annotations

import pandas as pd
import pytest

from shaanxi_transfer.experiments.effects.lever_effects import LIMITS, WHOLE
from shaanxi_transfer.model.indicators.every_indicator import INDICATORS
from shaanxi_transfer.studies.reference_pages import task_page


def row(scenario: str, task: str, effect: float, *, visible: bool = True) -> dict[str, object]:
    return {
        "scenario": scenario, "task": task, "indicator": "broker_use", "level_q50": 0.931,
        "q05": effect - 0.01, "q50": effect, "q95": effect + 0.01, "visible": visible, "unit": "fraction",
    }  # fmt: skip


def test_the_strongest_visible_tasks_are_named_and_no_others() -> None:
    tasks = [row(f"only_task_{k:02d}", f"task_{k:02d}", 0.01 * k) for k in (2, 10, 15, 18)]
    unseen = row("only_task_22", "task_22", 0.9, visible=False)
    idle = row("only_task_04", "task_04", 0.0)
    table = pd.DataFrame([row(WHOLE, "all", -0.02, visible=False), *tasks, unseen, idle])
    (found,) = task_page._limits(table, "en")
    assert (found["level"], found["plan"]) == ("0.931", "(-0.020 [-0.030, -0.010])")
    assert found["tasks"].split("; ") == [
        "task 18: +0.180 [+0.170, +0.190]",
        "task 15: +0.150 [+0.140, +0.160]",
        "task 10: +0.100 [+0.090, +0.110]",
    ]


def test_a_share_that_no_task_moves_says_so() -> None:
    (found,) = task_page._limits(pd.DataFrame([row(WHOLE, "all", 0.0)]), "zh")
    assert found["tasks"] == "–"


@pytest.mark.parametrize("limit", LIMITS)
def test_what_may_bind_is_a_share_that_the_model_gives(limit: str) -> None:
    assert INDICATORS[limit].modelled and INDICATORS[limit].unit == "fraction"
