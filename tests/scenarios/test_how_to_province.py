"""The page that tells how to add or improve a province says nothing that does not work."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.scenarios import check, load_pack
from shaanxi_transfer.scenarios.provinces.columns import TABLES
from shaanxi_transfer.scenarios.provinces.coverage import KINDS, overview, series_coverage

pytestmark = pytest.mark.house

FILE = Path(__file__).resolve().parents[2] / "docs" / "how_to" / "add_or_improve_a_province.md"


def page() -> str:
    """Give the page: not read while tests are collected, for an installed package has none."""
    return FILE.read_text("utf-8")


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^ *```{language}\n(.*?)^ *```", page(), re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(text) for text in found]


def test_the_steps_by_hand_lead_to_a_better_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (code,), (parameter, kinds), (rows,) = blocks("python"), blocks("yaml"), blocks("csv")
    exec(compile(code, "page", "exec"), {})
    folder = Path("my_gansu")
    before = overview(load_pack(folder))

    file = folder / "parameters.yaml"
    old = re.search(r"^universities:\n(?:  .*\n)+", file.read_text("utf-8"), re.MULTILINE)
    assert old is not None
    file.write_text(file.read_text("utf-8").replace(old[0], parameter), "utf-8")
    with (folder / "series.csv").open("a", encoding="utf-8") as stream:
        stream.write(rows)
    assert "source_kinds of pack.yaml" in str(check(folder)[0])
    with (folder / "pack.yaml").open("a", encoding="utf-8") as stream:
        stream.write(kinds)
    assert check(folder) == ()

    pack = load_pack(folder)
    after = overview(pack)
    assert (before.parameters_own, after.parameters_own) == (0, 1)
    assert pack.parameters["universities"].value == 49
    gdp = series_coverage(pack).set_index("indicator").loc["gdp"]
    assert gdp["kind"] == "official statistic" and gdp["years"] == 2
    assert main(["check", "my_gansu"]) == 0
    assert "stated here 1, scaled or taken over 22" in capsys.readouterr().out
    assert main(["run", "no_plan", "--province", "my_gansu", "--scale", "0.01", "--out", "a.csv"]) == 0


def test_the_page_names_every_table_and_every_kind() -> None:
    for table in TABLES:
        assert table == "fields" or f"`{table}.csv`" in page()
    assert all(kind.split(",")[0] in page() for kind in KINDS)


def test_the_page_is_linked() -> None:
    root = FILE.parents[2]
    assert "how_to/add_or_improve_a_province.md" in (root / "README.md").read_text("utf-8")
    assert "how_to/add_or_improve_a_province.md" in (root / "docs" / "model" / "provinces.md").read_text(
        "utf-8"
    )
