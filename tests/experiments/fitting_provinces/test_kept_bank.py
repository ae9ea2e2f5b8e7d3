"""A bank on disk: what ended is found again, and a damaged file costs its own runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.fitting_provinces.kept_bank import KeptBank
from shaanxi_transfer.experiments.fitting_provinces.kept_files import keep_points, kept_points

POSITIONS = np.arange(12.0).reshape(4, 3)

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda contents: b"",
    "cut": lambda contents: contents[:-30],
    "zeroed": lambda contents: bytes(len(contents)),
    "zeroed from the middle": lambda contents: contents[: len(contents) // 2].ljust(len(contents), b"\0"),
    "swapped": lambda contents: contents[len(contents) // 2 :] + contents[: len(contents) // 2],
    "a bit flipped": lambda contents: contents[:90] + bytes([contents[90] ^ 1]) + contents[91:],
}


def begun(folder: Path) -> KeptBank:
    return KeptBank(folder / "bank.npz", POSITIONS, 2)


def test_runs_that_failed_are_counted_also_when_they_are_found(tmp_path: Path) -> None:
    bank = begun(tmp_path)
    bank.add([(0, np.ones(2)), (2, np.ones(2))])
    assert begun(tmp_path).there == {0, 2} and begun(tmp_path).failed == 0
    bank.end()
    assert bank.failed == begun(tmp_path).failed == 2


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_bank_is_made_again(tmp_path: Path, damage: str) -> None:
    bank = begun(tmp_path)
    bank.add([(row, np.full(2, row + 1.0)) for row in range(4)])
    bank.file.write_bytes(DAMAGES[damage](bank.file.read_bytes()))
    again = begun(tmp_path)
    assert again.damaged and not again.there
    np.testing.assert_array_equal(again.positions, POSITIONS)
    again.add([(1, np.ones(2))])
    assert begun(tmp_path).there == {1} and not begun(tmp_path).damaged


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_points_are_made_again(tmp_path: Path, damage: str) -> None:
    points = pd.DataFrame({"draw": np.arange(50), "value": np.arange(50) / 7.0})
    file, none = kept_points(tmp_path, 2016, "key")
    assert none is None
    keep_points(file, points)
    _, found = kept_points(tmp_path, 2016, "key")
    assert found is not None
    pd.testing.assert_frame_equal(found, points)
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    assert kept_points(tmp_path, 2016, "key")[1] is None
