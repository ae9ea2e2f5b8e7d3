"""The page that tells how to write a scenario says nothing that does not work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shaanxi_transfer.experiments.planning.door_to_model import worlds
from shaanxi_transfer.scenarios import Scenario, check, list_generated, list_overlays, list_scenarios, load
from shaanxi_transfer.scenarios.template import write_template

pytestmark = pytest.mark.house

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how_to" / "write_a_scenario.md"
# Beside the wheel there is no page, and these tests are left out; but the file is read even then.
TEXT = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


CHINESE = PAGE.parents[1] / "zh" / "how_to" / PAGE.name
IN_CHINESE = (
    re.findall(r"```yaml\n(.*?)```", CHINESE.read_text("utf-8"), re.DOTALL) if CHINESE.is_file() else []
)


@pytest.mark.parametrize("text", [*blocks("yaml"), *IN_CHINESE])
def test_every_file_on_the_page_is_in_order(text: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    assert check(file) == ()
    assert load(file).hash != load("action_plan").hash


def test_every_name_on_the_page_can_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    named = set(re.findall(r"`((?:[\w.]+\+)*[\w.]+)`", TEXT))
    shipped = {*list_scenarios(), *list_overlays(), *list_generated()} - {"nothing", "stationary"}
    assert named >= set(list_overlays()) - {"stationary"}
    for name in named:
        if "+" in name or name in shipped:
            assert load(name).levers


def test_the_forecasts_on_the_page_are_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    write_template(Path("next.yaml"), "no_plan", "zh", plan=True)
    commands = re.findall(r"shaanxi-transfer forecast ([^#\n`]+)", TEXT)
    assert commands
    for command in commands:
        scenario, _, against = command.partition(" --against ")
        mine, other = worlds(scenario.strip(), against.strip() or "no_plan").values()
        assert mine.end == other.end == "2025-Q4"
        # a next plan whose levers nobody has moved yet is what goes on without one
        assert (mine.hash == other.hash) == (scenario.strip() == "next.yaml")


def test_the_python_on_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    for text in blocks("python"):
        exec(compile(text, "page", "exec"), {})
    assert "voucher_budget" in capsys.readouterr().out


@pytest.mark.parametrize("field", Scenario.model_fields)
def test_the_page_names_every_field(field: str) -> None:
    assert f"`{field}`" in TEXT or f"{field}:" in TEXT


def test_the_page_shows_files_and_python() -> None:
    assert blocks("yaml") and blocks("python")
