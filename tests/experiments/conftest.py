from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The fake province, importable by worker processes as well."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return importlib.import_module("fake_province")


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Functions with known sensitivity indices, importable by worker processes as well."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return importlib.import_module("fake_functions")


@pytest.fixture
def pack_folder(tmp_path: Path) -> str:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "series.csv").write_text("year,value\n2017,1\n", encoding="utf-8")
    return str(folder)
