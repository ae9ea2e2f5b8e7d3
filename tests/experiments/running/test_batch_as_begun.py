"""Runs that are made later hold what those hold that are there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.experiments.forecast import make_forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping.parquet_parts import indicators_in
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning.door_to_model import Model


def test_an_indicator_that_was_added_since_is_left_out_of_the_runs_that_are_left(
    fake: Any, night: Any, pack_folder: str, tmp_path: Path
) -> None:
    worlds = night.worlds(pack_folder)
    settings: dict[str, Any] = {"runs": 6, "scale": 0.1, "seed": 1, "workers": 0}
    whole = make_forecast(worlds, fake.MODEL, ForecastOptions(out=tmp_path / "whole", **settings))
    night.small_parts()
    out = tmp_path / "stopped"
    make_forecast(worlds, fake.MODEL, ForecastOptions(out=out, **settings))
    first, *others = Store(out).parts()
    assert others
    for part in others:
        part.unlink()

    def with_one_more(scenario: Any, *, seed: int, scale: float = 0.1) -> Any:
        record = fake.run(scenario, seed=seed, scale=scale)
        more = np.ones((len(record.quarters), 1))
        return fake.Record((*record.indicators, "new"), record.quarters, np.hstack([record.values, more]))

    newer = Model(with_one_more, fake.DEFINITIONS, fake.nothing_to_compile)
    made = make_forecast(worlds, newer, ForecastOptions(out=out, **settings))
    assert made.indicators.equals(whole.indicators)
    assert {indicators_in(part) for part in Store(out).parts()} == {indicators_in(first)}
    assert Store(out).read().equals(Store(tmp_path / "whole").read())


@pytest.fixture(autouse=True)
def parts_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the size of parts be what it was when the test ends."""
    from shaanxi_transfer.experiments.running import outcome_writer

    for name in [name for name in vars(outcome_writer) if name.isupper()]:
        monkeypatch.setattr(outcome_writer, name, getattr(outcome_writer, name))
