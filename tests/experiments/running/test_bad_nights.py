"""A thousand bad nights: each ends with the tables that nobody disturbed, or with one line that says why."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which file a descriptor is of")

FIRST = 1
SMALL, REAL = 900, 100
FEW = 20


@pytest.fixture
def nights(channel: Any) -> Any:
    """Give `bad_nights.py`, imported while the door leads to the real model."""
    return importlib.import_module("bad_nights")


def play(nights: Any, place: Path, count: int, *, real: bool = False) -> list[Any]:
    """Play nights; the command that plays one again stands with each that is bad."""
    with nights.theatre(place, real=real) as theatre:
        ended = [theatre.play(nights.draw(seed, real=real)) for seed in range(FIRST, FIRST + count)]
    bad = [f"{one.night}: {one.wrong}\n  again: {one.night.command}" for one in ended if one.wrong]
    assert not bad, "\n".join(bad)
    return ended


@pytest.mark.slow
@pytest.mark.battery("R26", "bad nights of a small province, by seed: equal to the byte, or one line")
def test_small_nights(
    nights: Any, tmp_path: Path, soak: bool, tell: Callable[..., None], tell_rows: Callable[..., None]
) -> None:
    ended = play(nights, tmp_path, SMALL if soak else FEW)
    refused = sum(bool(one.refused) for one in ended)
    tell_rows(nights.table(ended))
    tell(len(ended), f"{refused} ended with one line, the others equal to the byte")


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.battery("R26", "bad nights of the real province at scale 0.01")
def test_real_nights(
    nights: Any, tmp_path: Path, tell: Callable[..., None], tell_rows: Callable[..., None]
) -> None:
    ended = play(nights, tmp_path, REAL, real=True)
    tell_rows(nights.table(ended))
    tell(len(ended), f"{sum(bool(one.refused) for one in ended)} ended with one line")


def test_a_night_is_the_same_when_it_is_played_again(nights: Any, tmp_path: Path) -> None:
    seed = next(seed for seed in range(1_000) if nights.draw(seed).runners == 2)
    with nights.theatre(tmp_path) as theatre:
        one, other = (theatre.play(nights.draw(seed)).trace for _ in range(2))
    told = [[line for line in trace if "write-test" not in line] for trace in (one, other)]
    assert told[0] == told[1] and len(told[0]) > 50


def test_a_night_that_loses_a_run_is_bad(nights: Any, tmp_path: Path) -> None:
    """Who holds a folder against tables that differ says so: the check can fail."""
    seed = next(seed for seed in range(1_000) if nights.draw(seed).kind == "batch")
    with nights.theatre(tmp_path) as theatre:
        night = nights.draw(seed)
        whole, _ = theatre._whole_of(night.kind, night.size)
        whole["targets.csv"] += b"one row more\n"
        ended = theatre.play(night)
    assert ended.wrong == "different: targets.csv" or ended.refused
    assert str(seed) in night.command


def test_drawn_nights_have_every_fault(nights: Any) -> None:
    found = {fault for seed in range(900) for fault in nights.draw(seed).faults}
    assert found == {*nights.FAULTS, "two resumers", "changed package"}
    assert {nights.draw(seed).kind for seed in range(900)} == {*nights.BEGINNINGS, *nights.real_kills.KINDS}
