"""The line by which an experiment is cited: as CITATION.cff has it, the same by every door."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from shaanxi_transfer.experiments.keeping.citation import citation_of
from shaanxi_transfer.experiments.keeping.manifest import identity_of
from shaanxi_transfer.experiments.keeping.store import Store, open_store
from shaanxi_transfer.experiments.results import results
from shaanxi_transfer.experiments.status import status_of
from shaanxi_transfer.reports.commands.batches import sentences
from shaanxi_transfer.scenarios import load

CITED = Path(__file__).resolve().parents[3] / "CITATION.cff"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("results") / "forecast"
    worlds = {name: load(name).set(province="gansu", name=name) for name in ("action_plan", "no_plan")}
    data = {"gansu": worlds["no_plan"].pack().folder}
    open_store(
        place,
        identity_of(worlds, data, kind="forecast", runs=10, scale=0.1, seed=7, indicators={}),
    )
    return place


def manifest_in(folder: Path) -> dict[str, Any]:
    return {**Store(folder).manifest(), "versions": {"shaanxi-transfer": "0.1.0"}, "ended": "2031-05-06T07"}


def test_the_line_says_who_made_what_and_what_fixes_its_numbers(folder: Path) -> None:
    manifest = manifest_in(folder)
    line = citation_of(manifest)
    assert f"version 0.1.0, rules {manifest['identity']['code'][:12]}" in line
    assert "(2031)" in line and line.endswith(
        "forecast, Gansu, action_plan, no_plan, 10 futures, scale 0.1, seed 7, 2031-05-06."
    )
    assert "甘肃，action_plan，no_plan，10个未来" in citation_of(manifest, "zh")


@pytest.mark.house
def test_authors_and_title_are_those_of_the_citation_file(folder: Path) -> None:
    cited = YAML(typ="safe").load(CITED)
    (author,) = cited["authors"]
    assert citation_of(manifest_in(folder)).startswith(f"{author['name']} (2031). {cited['title']}, version")


def test_status_and_the_list_of_experiments_say_it(folder: Path) -> None:
    line = citation_of(Store(folder).manifest())
    assert results(folder.parent).table["citation"].tolist() == [line]
    begun = status_of(folder)
    assert line not in " ".join(sentences(begun, folder)), "who has not ended is not cited"
    assert sentences(replace(begun, left=0), folder)[-1] == f"To cite it: {line}"
