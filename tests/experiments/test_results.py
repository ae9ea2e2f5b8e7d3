"""What lies below a folder: finished, begun, damaged, and nothing that is something else."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.keeping.manifest import hash_of_code, identity_of
from shaanxi_transfer.experiments.keeping.store import Store, open_store
from shaanxi_transfer.experiments.results import Experiments, results
from shaanxi_transfer.reports.notebooks.advice import results_html
from shaanxi_transfer.scenarios import load


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with two finished experiments, one that was begun, a damaged one, and another's file."""
    place = tmp_path_factory.mktemp("results")
    plan, none = load("action_plan"), load("no_plan")
    worlds = {"action_plan": plan, "no_plan": none}
    for number, name in enumerate(("a", "深/b", "begun", "damaged")):
        (place / name).mkdir(parents=True)
        data = {"shaanxi": plan.pack().folder}
        identity = identity_of(
            worlds, data, kind="forecast", runs=10 + number, scale=0.1, seed=1, indicators={}
        )
        store: Store = open_store(place / name, identity)
        (place / name / "runs").mkdir(exist_ok=True)
        if name not in ("begun", "damaged"):
            store.write_csv("differences.csv", pd.DataFrame({"id": ["x"], "mean": [float(number)]}))
            store.list_files()
    file = place / "damaged" / "manifest.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"seed": 1', '"seed": 2'), encoding="utf-8")
    (place / "other").mkdir()
    (place / "other" / "manifest.json").write_text("{}", encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def found(below: Path) -> Experiments:
    return results(below)


def test_each_is_listed_with_its_state_and_what_makes_it_again(found: Experiments) -> None:
    table = found.table.set_index("folder")
    assert set(table.index) == {"a", "深/b", "begun", "damaged"}
    assert table["finished"].to_dict() == {"a": True, "深/b": True, "begun": False, "damaged": False}
    assert "changed" in str(table.loc["damaged", "damage"]) and table.loc["damaged", "kind"] == ""
    row = table.loc["a"]
    assert (row["scenario"], row["base"], row["province"]) == ("action_plan", "no_plan", "shaanxi")
    assert row["command"].startswith("shaanxi-transfer forecast action_plan --against no_plan --runs 10")
    assert row["same_rules"] and hash_of_code("forecast")


def test_several_are_read_as_one_frame(found: Experiments) -> None:
    frame = found.of(kind="forecast").frame("differences")
    assert frame["of_folder"].tolist() == ["a", "深/b"] and frame["of_runs"].tolist() == [10, 11]
    assert frame["mean"].tolist() == [0.0, 1.0]


def test_the_list_is_shown_in_both_languages(found: Experiments) -> None:
    english, chinese = results_html(found, "en"), results_html(found, "zh")
    assert "4 experiments below" in english and "not finished" in english and "damaged: " in english
    assert "行动方案（与无行动方案相比）" in chinese and "已损坏" in chinese


def test_bad_input_is_one_line(below: Path, found: Experiments) -> None:
    for ask, said in (
        (lambda: results(below / "nowhere"), "is no folder"),
        (lambda: found.of(knd="sweep"), "did you mean kind"),
        (lambda: found.frame("diferences"), "did you mean differences.csv"),
    ):
        with pytest.raises(InputError) as refused:
            ask()
        assert said in str(refused.value) and "\n" not in str(refused.value)


def test_an_empty_folder_is_an_empty_list(tmp_path: Path) -> None:
    assert len(results(tmp_path)) == 0 and "0" in repr(results(tmp_path))
