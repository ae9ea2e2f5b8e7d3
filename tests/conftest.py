"""What all tests share: steady examples, figures without a screen, a province, the battery's table."""

from __future__ import annotations

import gc
import importlib
import os
import platform
import shutil
import signal
from collections.abc import Callable, Generator, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.scenarios import load, load_pack

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ["SHAANXI_TRANSFER_LANG"] = "en"  # whatever the machine's locale; children inherit it

# A shell starts what runs in the background, and its children, deaf to Ctrl-C; tests of Ctrl-C hear it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples on every machine and in every run, so that a red test stays red
# until it is mended; `make soak` goes looking for new ones.
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak",
    derandomize=False,
    deadline=None,
    max_examples=1_000,
    suppress_health_check=[HealthCheck.too_slow],
)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "steady")
settings.load_profile(PROFILE)

HELPERS = Path(__file__).parent / "experiments"
"""Folder of modules that tests, and the worker processes they start, import by name."""

FOUND = pytest.StashKey[list[tuple[str, str, int, str, str]]]()
COUNTED: list[pd.DataFrame] = []
"""Tables of what was played one by one, with ``id``, ``cases``, ``passed``, ``seconds``."""


def _helper(name: str) -> Any:
    """Import a module of helpers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(HELPERS))
        return importlib.import_module(name)


@pytest.fixture(scope="session")
def by_hand() -> Any:
    """Frozen forecasts whose draws are chosen by hand; see `experiments/frozen_by_hand.py`."""
    return _helper("frozen_by_hand")


@pytest.fixture(scope="session")
def rival_by_hand() -> Any:
    """Quantile files of rivals whose distribution is known; see `experiments/rival_by_hand.py`."""
    return _helper("rival_by_hand")


@pytest.fixture(scope="session")
def made_indices() -> Any:
    """Indices of a sensitivity analysis; see `experiments/sensitivity_by_hand.py`."""
    return _helper("sensitivity_by_hand")


@pytest.fixture(scope="session")
def made_evidence() -> Any:
    """A ledger of evidence with world, model and draws; see `experiments/evidence_by_hand.py`."""
    return _helper("evidence_by_hand").made()


@pytest.fixture
def small() -> Iterator[Any]:
    """A province of a few rows made by hand; see `small_world.py`."""
    with pytest.MonkeyPatch.context() as patch, np.errstate(over="ignore"):
        patch.syspath_prepend(str(Path(__file__).parent))
        yield importlib.import_module("small_world").SmallWorld()


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The fake province, importable by worker processes as well."""
    monkeypatch.syspath_prepend(str(HELPERS))
    fake = importlib.import_module("fake_province")
    monkeypatch.setattr(door_to_model, "scenario_of", fake.world_of)
    monkeypatch.setattr(door_to_model, "model", lambda own=None: fake.MODEL)
    return fake


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Functions with known sensitivity indices, importable by worker processes as well."""
    monkeypatch.syspath_prepend(str(HELPERS))
    functions = importlib.import_module("fake_functions")
    monkeypatch.setattr(door_to_model, "scenario_of", functions.world_of)
    monkeypatch.setattr(door_to_model, "model", lambda own=None: functions.MODEL)
    return functions


@pytest.fixture
def pack_folder(tmp_path: Path) -> str:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "series.csv").write_text("year,value\n2017,1\n", encoding="utf-8")
    return str(folder)


@pytest.fixture
def night(fake: Any) -> Any:
    """A batch of the fake province in a process of its own; see `experiments/night.py`."""
    return importlib.import_module("night")


@pytest.fixture(scope="module")
def channel() -> Iterator[Any]:
    """A contract channel of two lines with real parameters; see `experiments/fake_channel.py`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(HELPERS))
        yield importlib.import_module("fake_channel")


@pytest.fixture
def spoilt() -> Callable[[str, Path, int], Path]:
    """Give ``spoilt(province, folder, after)``: the pack with every figure after a year made another."""

    def spoil(province: str, folder: Path, after: int) -> Path:
        shutil.copytree(load_pack(province).folder, folder)
        for name in ("series", "observed"):
            table = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
            later = table["year"].astype(int) > after
            assert later.any()
            values = table.loc[later, "value"].astype(float)
            factors = 2.0 + np.arange(len(values)) % 5  # smaller, so that a fraction stays one
            table.loc[later, "value"] = [str(value) for value in values / factors]
            table.to_csv(folder / f"{name}.csv", index=False)
        return folder

    return spoil


@pytest.fixture
def soak() -> bool:
    """Whether the test is to be made in full, as `make soak` and `make battery` ask."""
    return PROFILE == "soak"


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Iterator[Callable[..., None]]:
    """Give ``tell(cases, figure="")``, by which a test of the battery says what it tried and saw."""
    told: dict[str, Any] = {"cases": 1, "figure": ""}

    def remember(cases: int, figure: str = "") -> None:
        told.update(cases=cases, figure=figure)

    yield remember
    request.node.user_properties.append(("told", told))


@pytest.fixture
def tell_rows(request: pytest.FixtureRequest) -> Callable[[pd.DataFrame], None]:
    """Give ``tell_rows(table)``, by which a test that plays much counts it; see `COUNTED`."""

    def remember(table: pd.DataFrame) -> None:
        request.node.user_properties.append(("rows", table.to_dict("records")))

    return remember


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take files that hold slow tests first, so that no worker is left alone with one at the end.

    By name and not by folder, so that not all that start processes, which share one, meet each other.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (0, item.path.name) if item.path in slow else (1, ""))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what only the soak, or only the browser, is to make."""
    if PROFILE != "soak" and item.get_closest_marker("soak") is not None:
        pytest.skip("only in `make soak`")
    if item.get_closest_marker("browser") is not None and item.config.option.markexpr != "browser":
        pytest.skip("only in `make browser`")


def pytest_collection_finish() -> None:
    """Let Python's collector pass over what the session keeps anyway, which takes a tenth of most tests."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Give back what was kept from the collector."""
    gc.unfreeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--battery", metavar="FILE", help="write the table of the battery as Markdown")
    parser.addoption("--counted", metavar="FILE", help="write what was played one by one as CSV")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep what a test counted; under xdist it comes from the worker with the test's report."""
    if report.when == "teardown":
        facts: dict[str, Any] = dict(report.user_properties)
        if "rows" in facts:
            COUNTED.append(pd.DataFrame(facts["rows"]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    marker = item.get_closest_marker("battery")
    if marker is None:
        return report
    if report.when == "call" or report.skipped:
        why = report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else ""
        item.user_properties.append(("ended", (report.outcome, why)))
    if report.when == "teardown":
        facts: dict[str, Any] = dict(item.user_properties)
        told = facts.get("told", {"cases": 0, "figure": ""})
        outcome, why = facts.get("ended", ("failed", ""))
        number, what = marker.args
        rows = item.config.stash.setdefault(FOUND, [])
        rows.append((number, what, told["cases"], outcome, told["figure"] or why))
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if (counted := config.getoption("--counted")) and COUNTED:
        Path(counted).parent.mkdir(parents=True, exist_ok=True)
        pd.concat(COUNTED).to_csv(counted, index=False)
    file, rows = config.getoption("--battery"), config.stash.get(FOUND, [])
    if file is None:
        return
    machine = f"{platform.system()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    busy = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    how = "make battery" if PROFILE == "soak" else "a small battery, as in make test"
    lines = [f"`{how}`, {date.today()}: {machine}{busy}.", ""]
    lines += ["| id | what | cases | passed | figures |", "|---|---|---|---|---|"]
    for number, what, cases, outcome, figure in sorted(rows, key=lambda row: int(row[0][1:])):
        passed = {"passed": str(cases), "skipped": "skipped"}.get(outcome, "**failed**")
        lines.append(f"| {number} | {what} | {cases} | {passed} | {figure} |")
    Path(file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    terminalreporter.write_line("\n".join(lines))


@pytest.fixture
def begin_step() -> Iterator[Callable[..., Province]]:
    """Live through some steps of `no_plan` and begin the next, each treasury richer by some yuan."""

    def begun(steps: int, *, scale: float = 0.05, riches: int = 0) -> Province:
        ecosystem = Ecosystem(load("no_plan").set(draw_parameters=False), seed=3, scale=scale)
        for _ in range(steps):
            ecosystem.step()
        province = ecosystem.province
        province.begin()
        province.treasuries.rows["cash"] += riches
        province.books.holders["outside"].rows["cash"] -= riches * len(province.treasuries)
        province.books.open()
        return province

    with np.errstate(over="ignore"):
        yield begun
