"""Who gains with the real province: parts sum to the yuan, and a scenario gains nothing on itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.compare import Comparison, compare
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.resume import resume
from shaanxi_transfer.experiments.who_gains import asked_by, read_gains, who_gains
from shaanxi_transfer.model import run
from shaanxi_transfer.scenarios import load

pytestmark = pytest.mark.soak  # the province three times in two futures, with what is taken down beside

SMALL: dict[str, Any] = {"runs": 2, "scale": 0.01, "seed": 5, "workers": 0}
KEYS = ["scenario", "by", "id", "year"]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Compare the plan, and no plan once more, with no plan, by everything."""
    again = load("no_plan").set(name="again")
    folder = tmp_path_factory.mktemp("gains") / "谁 a"
    return compare("action_plan", again, "no_plan", base="no_plan", by="city,kind,size", out=folder, **SMALL)


def test_parts_sum_to_the_whole_to_the_yuan_by_everything(done: Comparison) -> None:
    table = done.gains.table
    assert table.groupby("by")["id"].nunique().to_dict() == {"city": 6, "kind": 4, "size": 3}
    whole = table[table["part"] == "all"].set_index(KEYS)["mean"]
    parts = table[table["part"] != "all"].groupby(KEYS)["mean"].sum()
    assert parts.to_numpy() == pytest.approx(whole[parts.index].to_numpy(), abs=1.0)
    plan = table[(table["scenario"] == "action_plan") & (table["year"] == 2020)]
    assert (plan["mean"] != 0.0).any() and (plan["mean"] < 0.0).any()


def test_wholes_are_those_of_the_differences(done: Comparison) -> None:
    whole = done.gains.table[done.gains.table["part"] == "all"].query("id != 'entries_shifted'")
    there = done.differences[done.differences["kind"] == "indicator"]
    sides = whole.merge(there, on=["scenario", "id", "year"], suffixes=("", "_there"))
    assert len(sides) == len(whole)
    assert sides["mean"].to_numpy() == pytest.approx(sides["mean_there"].to_numpy(), rel=1e-9, abs=1e-3)


def test_a_scenario_gains_nothing_on_itself_whoever_is_asked(done: Comparison) -> None:
    mine = done.gains.table[done.gains.table["scenario"] == "again"]
    assert len(mine) and (mine["verdict"] == "identical").all() and (mine["mean"] == 0.0).all()


def test_what_is_taken_down_beside_moves_no_number_of_the_run(done: Comparison) -> None:
    plain = run("no_plan", seed=int(next(Store(done.folder).frames("runs"))["seed"].iloc[0]), scale=0.01)
    rows = Store(done.folder).read("runs")
    first = rows[(rows["scenario"] == "no_plan") & (rows["future"] == rows["future"].min())]
    kept = first.pivot(index=["year", "quarter"], columns="indicator", values="value")
    assert {"technology_enterprises_micro"} <= set(kept.columns) - set(plain.indicators)
    assert (kept[list(plain.indicators)].to_numpy() == plain.values).all()


def test_resumed_it_is_the_same(done: Comparison) -> None:
    before = done.gains.table
    (done.folder / "who_gains.csv").unlink()
    assert resume(done.folder, workers=0) == 0
    pd.testing.assert_frame_equal(read_gains(done.folder).table, before)
    assert asked_by(done.folder) == ("city", "kind", "size")
    pd.testing.assert_frame_equal(who_gains(done.folder, asked_by(done.folder)).table, before)


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"by": "cities"}, "did you mean city"), ({"by": ()}, "nothing is to be broken down by")],
)
def test_bad_input_is_one_line_and_nothing_is_lost(
    done: Comparison, asked: dict[str, Any], said: str
) -> None:
    before = (done.folder / "who_gains.csv").read_bytes()
    with pytest.raises(InputError) as refused:
        who_gains(done.folder, **asked)
    assert said in str(refused.value) and "\n" not in str(refused.value)
    assert (done.folder / "who_gains.csv").read_bytes() == before


def test_a_folder_that_holds_no_comparison_is_refused(tmp_path: Path) -> None:
    for ask in (who_gains, read_gains):
        with pytest.raises(InputError, match="holds no experiment"):
            ask(tmp_path)
    with pytest.raises(InputError, match="cities"):
        compare("action_plan", "no_plan", by="cities", out=tmp_path / "out", **SMALL)
    assert list(tmp_path.iterdir()) == []
