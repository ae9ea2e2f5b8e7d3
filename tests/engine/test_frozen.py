"""What is frozen comes back equal, as often as it is asked for, and shares only what it is told to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.frozen import Frozen


@pytest.mark.parametrize("packed", [False, True])
def test_copies_are_equal_and_apart(packed: bool) -> None:
    heavy, policy = {"pack": 1}, ["levers"]
    column = np.arange(1_000.0)
    thing: dict[str, Any] = {"column": column, "again": column, "heavy": heavy, "policy": policy}
    frozen = Frozen(thing, [heavy], [policy], packed)
    column[:] = -1.0  # whatever becomes of the original
    one, other = frozen.thaw(), frozen.thaw()
    assert one["column"].tolist() == other["column"].tolist() == list(range(1_000))
    assert one["again"] is one["column"], "what is one thing stays one"
    one["column"][:] = 5.0
    assert other["column"][7] == 7.0
    assert one["heavy"] is heavy and other["heavy"] is heavy
    assert one["policy"] is None


def test_packed_bytes_are_fewer() -> None:
    rows = np.zeros(10_000, dtype=np.int64)
    assert Frozen(rows, packed=True).nbytes < Frozen(rows).nbytes / 10
    assert Frozen(rows).nbytes >= rows.nbytes
