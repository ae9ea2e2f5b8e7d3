"""A waterfall of the real model: it ends where the comparison ends, and is taken up again from its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer import compare, load
from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.comparing.waterfall import WATERFALL, Waterfall
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.resume import resume
from shaanxi_transfer.experiments.status import status_of
from shaanxi_transfer.scenarios import Scenario

START: dict[str, Any] = {"plan_start": "2011-Q1", "end": "2011-Q4"}


def world(base: str) -> Scenario:
    return load(base).set(**START, name=base)


@pytest.mark.slow
def test_it_ends_where_the_comparison_ends_and_is_taken_up_again(tmp_path: Path) -> None:
    plan, none = world("only_task_15"), world("no_plan")
    made = compare(
        plan, base=none, waterfall=True, runs=2, scale=0.02, seed=9, out=tmp_path / "out", workers=0
    )
    (fall,) = made.waterfalls
    assert fall.folder == tmp_path / "out" / "waterfall_only_task_15" and made.exit_code == 0
    table = made.differences
    (whole,) = table.loc[(table["kind"] == "cost") & (table["id"] == "public_cost"), "mean"]
    for order in ("plan", "sampled"):
        mine = fall.table[(fall.table["order"] == order) & (fall.table["id"] == "public_cost")]
        steps, (last,) = mine.iloc[:-1], mine.iloc[-1:].to_dict("records")
        assert last["mean"] == whole and steps["mean"].sum() == pytest.approx(whole, rel=1e-12)
        assert steps["end"].iloc[-1] == pytest.approx(last["end"], rel=1e-12)
        assert np.array_equal(steps["end"].iloc[:-1], steps["begin"].iloc[1:])
    assert whole > 0.0 and "from no_plan to only_task_15" in repr(fall)
    store = Store(fall.folder)
    runs, before = store.read(), (fall.folder / WATERFALL).read_bytes()
    levers = fall.table["lever"].nunique() - 1
    status = status_of(fall.folder)
    assert (status.kind, status.finished) == ("waterfall", 2 * (2 + 2 * (levers - 1))) and levers > 1
    store.parts()[0].unlink()
    with pytest.warns(UserWarning, match="is missing; runs that stand nowhere else are made again"):
        assert resume(fall.folder, workers=0) == 0
    assert store.read().equals(runs) and (fall.folder / WATERFALL).read_bytes() == before
    assert Waterfall.read(fall.folder).table.equals(fall.table)


def test_a_way_that_is_none_is_refused_before_anything_runs(tmp_path: Path) -> None:
    plan = world("action_plan")
    with pytest.raises(InputError, match=r"^waterfall: .* differs from 'action_plan' in no lever"):
        compare(plan, plan, waterfall=True, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
