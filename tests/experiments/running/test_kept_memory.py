from __future__ import annotations

from dataclasses import replace

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.running import kept_memory
from shaanxi_transfer.experiments.running.kept_memory import (
    BYTES_OF_A_WORKER,
    KeptEstimate,
    room_for_futures,
)


def test_what_does_not_fit_is_refused_with_the_number_that_would() -> None:
    estimate = KeptEstimate(200, 2_000_000, 400_000_000, 50.0)
    estimate.check()
    with pytest.raises(InputError) as refused:
        replace(estimate, futures=201).check()
    assert str(refused.value) == (
        "runs: 201 futures take 402 MB, 2.0 MB each, and there is room for 400 MB;"
        " allowed up to 200 futures, or a smaller scale; did you mean 200?"
    )
    with pytest.raises(InputError, match="allowed up to 0 futures"):
        replace(estimate, room=-5).check()
    replace(estimate, room=None).check()


def test_room_is_what_is_free_less_what_workers_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_memory, "share_of_memory", lambda workers: 8 * 10**9)
    monkeypatch.setattr(kept_memory, "_free", lambda: 3 * 10**9)
    assert room_for_futures(0) == 3 * 10**9
    assert room_for_futures(2) == 3 * 10**9 - 2 * BYTES_OF_A_WORKER
    assert room_for_futures(2, allowed=10**8) == 10**8
    monkeypatch.setattr(kept_memory, "share_of_memory", lambda workers: None)
    monkeypatch.setattr(kept_memory, "_free", lambda: None)
    assert room_for_futures(2) is None
    assert room_for_futures(2, allowed=10**8) == 10**8
