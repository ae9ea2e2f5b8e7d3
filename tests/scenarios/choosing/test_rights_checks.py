"""Parts of a result's price: what leaves nothing for the owner is refused with its file and key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import load

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
