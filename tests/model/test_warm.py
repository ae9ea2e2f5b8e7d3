"""Rules are compiled before workers start; where they are kept already, no province is run for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shaanxi_transfer.engine import rule_cache
from shaanxi_transfer.engine.rule_cache import Place
from shaanxi_transfer.model import warm as warming


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The runs of the tiny province, which stand in for it."""
    made: list[str] = []
    monkeypatch.setattr(rule_cache, "place_of_rules", lambda: Place(tmp_path))
    monkeypatch.setattr(warming, "load_rules", lambda: made.append("run"))
    monkeypatch.setattr(warming, "rules_to_compile", lambda: 7)
    warming.warm.cache_clear()
    yield made
    warming.warm.cache_clear()


def test_the_tiny_province_is_run_once_for_all_processes(runs: list[str]) -> None:
    warming.warm()
    assert runs == ["run"]
    warming.warm.cache_clear()  # as in another process
    warming.warm()
    assert runs == ["run"]


def test_rules_that_were_lost_since_are_compiled_again(
    runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warming.warm()
    warming.warm.cache_clear()
    monkeypatch.setattr(warming, "rules_to_compile", lambda: 8)
    warming.warm()
    assert runs == ["run"] * 2
