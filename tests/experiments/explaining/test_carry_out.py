"""An explanation with the real province: turnover of 2012 in two futures, to the yuan, taken up again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.explaining.finished_why import Why
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.resume import kind_of, resume
from shaanxi_transfer.experiments.why import why
from shaanxi_transfer.model import run
from shaanxi_transfer.reports.notebooks.advice import plot_why, why_html
from shaanxi_transfer.scenarios import load

pytestmark = pytest.mark.soak  # 38 runs that share no past: 20 processor seconds

SMALL: dict[str, Any] = {"runs": 2, "scale": 0.01, "seed": 5, "workers": 0}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Why:
    short = load("action_plan").set(end="2012-Q4", plan_start="2012-Q3", name="short")
    folder = tmp_path_factory.mktemp("why") / "为何 a"
    return why("contract_value_output", short, out=folder, **SMALL)


def test_each_way_sums_to_the_number_to_the_yuan(done: Why) -> None:
    parts = done.table[done.table["section"] == "part"].groupby("by")["mean"].sum()
    assert sorted(parts.index) == ["channel", "city", "kind", "type"]
    assert parts.to_numpy() == pytest.approx(done.table["mean"].iloc[0], abs=1.0)
    channels = done.table[done.table["by"] == "channel"].set_index("item")["mean"]
    assert channels["outside"] > channels.drop("outside").sum() > 0.0


def test_the_number_is_that_of_the_runs(done: Why) -> None:
    seeds = Store(done.folder).read("runs").groupby("future")["seed"].first()
    short = load("action_plan").set(end="2012-Q4", plan_start="2012-Q3", name="short")
    records = [run(short, seed=int(seed), scale=0.01) for seed in seeds]
    sold = [record.series("contract_value_output")[-4:].sum() for record in records]
    assert done.table["mean"].iloc[0] == pytest.approx(sum(sold) / len(sold), rel=1e-12)


def test_what_was_lost_is_made_again(done: Why) -> None:
    for part in Store(done.folder).parts():
        part.unlink()
    (done.folder / "why.csv").unlink()
    assert (kind_of(done.folder), resume(done.folder, workers=0)) == ("why", 0)
    pd.testing.assert_frame_equal(Why.read(done.folder).table, done.table)
    assert done.asked == [("contract_value_output", "")]


def test_it_shows_itself_in_both_languages(done: Why) -> None:
    for lang, word in (("en", "By channel most of it is"), ("zh", "按渠道看，主要是")):
        assert word in why_html(done.folder, lang)
        assert len(plot_why(done.folder, lang=lang).axes) >= 4


def test_several_years_are_explained_from_the_same_runs(done: Why, tmp_path: Path) -> None:
    short = load("action_plan").set(end="2012-Q4", plan_start="2012-Q3", name="short")
    several = why("contract_value_output", short, year="2011-2012", out=tmp_path / "several", **SMALL)
    assert several.table["year"].unique().tolist() == [2011, 2012]
    pd.testing.assert_frame_equal(several.last_year.reset_index(drop=True), done.table)
    parts = several.table[several.table["section"] == "part"].groupby(["year", "by"])["mean"].sum()
    assert parts.loc[2011].to_numpy() == pytest.approx(several.table["mean"].iloc[0], abs=1.0)
    assert resume(several.folder, workers=0) == 0
    assert len(plot_why(several.folder).axes) >= 4, "the last year, with its command beside it"


def test_a_future_is_told_in_the_folder(done: Why) -> None:
    from shaanxi_transfer.experiments.explaining.trace import trace, trace_file
    from shaanxi_transfer.reports.tables.trace_rows import told

    table = trace(done.folder, 1)
    assert set(table["story"]) == {"contract", "enterprise", "stake"}
    assert Store(done.folder).read_csv(trace_file(1))["event"].tolist() == table["event"].tolist()
    assert Why.read(done.folder).table.equals(done.table), "the folder is whole with it"
    assert len(list(told(table, "zh"))) == len(table) + 5
    with pytest.raises(InputError, match="no future 2"):
        trace(done.folder, 2)


def test_a_world_that_is_none_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2031"):
        why("contract_value_output", year=2031, out=tmp_path / "out", **SMALL)
    assert list(tmp_path.iterdir()) == []
