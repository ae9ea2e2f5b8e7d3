"""A batch that is stopped early has something to go on with, and says how much."""

from __future__ import annotations

from typing import Any

import pytest

from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.running.stopping import Stopped

OF_CLOCK = "shaanxi_transfer.experiments.running.outcome_writer.time.monotonic"


def test_the_first_part_comes_soon_and_later_ones_seldom(
    night: Any, pack_folder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """A run a second: parts after 3, 6, 12, 24 and then after 30 seconds each."""
    seconds = iter(range(10_000))
    monkeypatch.setattr(OF_CLOCK, lambda: 0.5 * next(seconds))
    written: list[int] = []
    usual = Store.add

    def add(store: Store, finished: Any, kind: str = "runs") -> Any:
        written.append(len(finished))
        return usual(store, finished, kind)

    monkeypatch.setattr(Store, "add", add)
    night.forecast(tmp_path / "out", pack_folder, 60, 0)
    # The clock is looked at once for each run, and once more for each part: half a second a look.
    assert written[:4] == [6, 12, 24, 48] and sum(written) == 120


def test_a_stop_says_how_many_runs_are_kept(night: Any, pack_folder: str, tmp_path: Any) -> None:
    def stop(progress: Any) -> None:
        if progress.done == 9:
            raise Stopped

    with pytest.raises(Stopped) as stopped:
        night.make_forecast(
            night.worlds(pack_folder),
            night.fake.MODEL,
            night.ForecastOptions(runs=12, out=tmp_path / "out", workers=0, progress=stop),
        )
    assert stopped.value.kept is not None
    assert tuple(stopped.value.kept) == (9, 24, tmp_path / "out")
    assert len(Store(tmp_path / "out").finished_runs()) == 9
