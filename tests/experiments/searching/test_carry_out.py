"""A search with the real province: seats of training, two futures and two fresh ones, some 40 CPU seconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.forecast import forecast
from shaanxi_transfer.experiments.keeping.store import PACKAGES, Store
from shaanxi_transfer.experiments.resume import kind_of, resume
from shaanxi_transfer.experiments.search import search
from shaanxi_transfer.experiments.searching.finished_search import Search
from shaanxi_transfer.experiments.searching.packages_table import COLUMNS

SMALL: dict[str, Any] = {"runs": 2, "scale": 0.01, "seed": 5, "workers": 0}
FRESH: dict[str, Any] = {**SMALL, "seed": 6}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Search:
    folder = tmp_path_factory.mktemp("searched") / "寻找 a"
    return search("trained_people=900", levers="training_seats", packages=10, out=folder, **SMALL)


@pytest.mark.soak
def test_every_package_has_goals_costs_and_levers(done: Search) -> None:
    assert tuple(done.table.columns) == COLUMNS
    for name, rows in done.table.groupby("package"):
        assert set(rows["kind"]) >= {"goals", "target", "cost"}
        levers = rows[rows["kind"] == "lever"]
        assert levers["id"].tolist() == ([] if name in ("none", "all") else ["training_seats"])
        assert levers["value"].between(levers["low"], levers["high"]).all()
    assert done.wanted == (0.9, None, 6, 2) and done.exit_code == 0
    assert {"none", "all", done.package} <= set(done.table["package"])


@pytest.mark.soak
def test_a_packages_rows_are_those_of_a_forecast_in_the_fresh_futures(done: Search, tmp_path: Path) -> None:
    name = next(one for one in done.table["package"] if one.startswith("s"))
    there = forecast(done.scenario(name), against="no_plan", out=tmp_path / "there", **FRESH)
    mine = done.table[(done.table["package"] == name) & done.table["kind"].isin(["target", "cost"])]
    sides = mine.merge(there.differences, on=["kind", "id", "counting", "year"], suffixes=("", "_there"))
    assert len(sides) == len(mine) >= 3
    for column in ("mean", "q05", "q95"):
        assert sides[column].to_numpy() == pytest.approx(
            sides[f"{column}_there"].to_numpy(), rel=1e-9, abs=1e-3
        )
    assert sides["verdict"].tolist() == sides["verdict_there"].tolist()


@pytest.mark.soak
def test_what_was_lost_is_made_again_to_the_byte(done: Search) -> None:
    before = (done.folder / PACKAGES).read_bytes()
    for part in Store(done.folder).parts()[::2]:
        part.unlink()
    (done.folder / PACKAGES).unlink()
    assert (kind_of(done.folder), resume(done.folder, workers=0)) == ("search", 0)
    assert (done.folder / PACKAGES).read_bytes() == before


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"goals": "trained_peple=5"}, "did you mean trained_people"),
        ({"goals": "broker_use"}, "broker_use has no goal of the plan"),
        ({"goals": "public_cost=5"}, "is a cost"),
        ({"goals": "trained_people,training_attendances=5"}, "asked in two ways"),
        ({"levers": "voucher_budgt"}, "voucher_budget"),
        ({"budget": -1}, "below the cheapest package"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_made(asked: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        search(**{"goals": "trained_people", "out": tmp_path / "out", **SMALL, **asked})
    assert said in str(refused.value) and "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []
