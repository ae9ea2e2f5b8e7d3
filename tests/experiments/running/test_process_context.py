"""A batch works however Python was started: none of these scripts has a guard."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import SurroundingsError
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.plan_of_runs import PlannedRun
from shaanxi_transfer.experiments.planning.runs import Job
from shaanxi_transfer.experiments.running.pool import Chunk, Pool, Workers

SCRIPT = """
import fake_province as fake
from shaanxi_transfer.experiments.forecast import make_forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions

print("the script begins")
worlds = {"plan": fake.World("plan", 0.1, pack_folder="pack"), "none": fake.World("none", pack_folder="pack")}
made = make_forecast(worlds, fake.MODEL, ForecastOptions(runs=4, scale=0.1, seed=1, out="out", workers=2))
print(made.indicators["runs"].unique().tolist(), made.exit_code)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "我的 项目 (copy)"
    (place / "pack").mkdir(parents=True)
    (place / "pack" / "series.csv").write_text("year\n2017\n", encoding="utf-8")
    return place


def python(folder: Path, *arguments: str, typed: str | None = None) -> str:
    here = str(Path(__file__).parents[1])
    paths = [here, os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else [here]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        input=typed,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


EXPECTED = "the script begins\n[4] 0\n"


def test_a_script_without_a_guard(folder: Path) -> None:
    (folder / "脚本 one.py").write_text(SCRIPT, encoding="utf-8")
    assert python(folder, "脚本 one.py") == EXPECTED


@pytest.mark.soak
def test_python_c(folder: Path) -> None:
    assert python(folder, "-c", SCRIPT) == EXPECTED


@pytest.mark.parametrize("arguments", [(), pytest.param(("-",), marks=pytest.mark.soak)])
def test_standard_input(folder: Path, arguments: tuple[str, ...]) -> None:
    assert python(folder, *arguments, typed=SCRIPT) == EXPECTED


def test_a_module_of_the_user(folder: Path) -> None:
    (folder / "study.py").write_text(SCRIPT, encoding="utf-8")
    assert python(folder, "-m", "study") == EXPECTED


@pytest.mark.soak
def test_a_notebook(folder: Path) -> None:
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    path = f"import sys\nsys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(path + SCRIPT)])
    nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    assert "".join(output.get("text", "") for output in notebook.cells[0].outputs) == EXPECTED


def test_locks_that_find_no_room_are_named_with_step_place_and_need(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("multiprocessing.context.BaseContext.RLock", full)
    pool = Pool([Workers(1, Job({}, 0.1, door_to_model.model().run_one), None)], time_limit=1.0)
    with pytest.raises(SurroundingsError) as refused:
        pool._start(Chunk((PlannedRun("a-000000", "a", 0, 1),)))
    assert str(refused.value).startswith("starting worker processes: ")
    assert "16 kB needed" in str(refused.value)
    assert str(refused.value).endswith("make the runs with --workers 0")
