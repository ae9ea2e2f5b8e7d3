from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.experiments import doors


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The fake province, importable by worker processes as well."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    fake = importlib.import_module("fake_province")
    monkeypatch.setattr(doors, "scenario_of", fake.world_of)
    monkeypatch.setattr(doors, "model", lambda: fake.MODEL)
    return fake


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Functions with known sensitivity indices, importable by worker processes as well."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    functions = importlib.import_module("fake_functions")
    monkeypatch.setattr(doors, "scenario_of", functions.world_of)
    monkeypatch.setattr(doors, "model", lambda: functions.MODEL)
    return functions


@pytest.fixture
def pack_folder(tmp_path: Path) -> str:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "series.csv").write_text("year,value\n2017,1\n", encoding="utf-8")
    return str(folder)


@pytest.fixture
def night(fake: Any) -> Any:
    """A batch of the fake province in a process of its own; see `night.py`."""
    return importlib.import_module("night")


@pytest.fixture(scope="module")
def channel() -> Iterator[Any]:
    """A contract channel of two lines with parameters of the real province; see `fake_channel.py`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parent))
        yield importlib.import_module("fake_channel")
