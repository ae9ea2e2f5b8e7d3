from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.forecast import make_forecast
from shaanxi_transfer.experiments.forecasting import estimate as module
from shaanxi_transfer.experiments.forecasting.estimate import Estimate
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.forecasting.precision import half_width
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning.plan_of_runs import PlannedRun, Shard
from shaanxi_transfer.experiments.running.pool import Workers
from shaanxi_transfer.experiments.running.shards import Unfinished


def worlds(fake: Any, pack_folder: str, **changes: Any) -> dict[str, Any]:
    plan = fake.World("action_plan", pack_folder=pack_folder, **changes)
    return {"action_plan": plan, "no_plan": fake.World("no_plan", pack_folder=pack_folder, **changes)}


class Enough(Exception):
    """What an announcement raises to prevent the start."""


def announced(fake: Any, some: dict[str, Any], out: Path, **options: Any) -> Estimate:
    told: list[Estimate] = []

    def keep(estimate: Estimate) -> None:
        told.append(estimate)
        raise Enough

    given = {"runs": 40, "scale": 0.1, "seed": 1, "workers": 0, **options}
    with pytest.raises(Enough):
        make_forecast(some, fake.MODEL, ForecastOptions(out=out, announce=keep, **given))
    return told[0]


def test_time_is_what_runs_take_over_the_workers(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    some = worlds(fake, pack_folder, seconds=0.03)
    here = announced(fake, some, tmp_path / "out")
    assert (here.futures, here.scenarios, here.runs, here.workers) == (40, 2, 80, 1)
    assert 0.03 <= here.seconds_per_run < 0.09
    assert here.seconds == pytest.approx(72 * here.seconds_per_run), "eight runs were made to measure them"
    two = announced(fake, some, tmp_path / "out", workers=2)
    assert two.workers == 2
    assert two.seconds == pytest.approx(64 * two.seconds_per_run / 2), "workers have started by then"
    assert here.half_width == pytest.approx(half_width(20, 40))
    assert not (tmp_path / "out").exists(), "an announcement that raises prevents everything"


def test_runs_that_were_measured_are_not_made_again_and_workers_stay(
    fake: Any, pack_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    sent: list[PlannedRun] = []
    start, take = Workers._start, Workers.take

    def starts(self: Workers) -> None:
        started.append(self.number)
        start(self)

    def takes(self: Workers, runs: Sequence[PlannedRun], *how: Any) -> Any:
        sent.extend(runs)
        return take(self, runs, *how)

    monkeypatch.setattr(Workers, "_start", starts)
    monkeypatch.setattr(Workers, "take", takes)
    some = worlds(fake, pack_folder, faults=((3, "exception"),))
    given: Any = {"runs": 12, "scale": 0.1, "seed": 1, "workers": 2}
    told: list[Estimate] = []
    made = make_forecast(
        some, fake.MODEL, ForecastOptions(out=tmp_path / "told", announce=told.append, **given)
    )
    assert (started, told[0].runs, made.failed) == ([2], 24, 2)
    again = Counter(run.run_id for run in sent)
    assert {name for name, times in again.items() if times > 1} == {"action_plan-000003", "no_plan-000003"}
    assert len(again) == 24
    untold = make_forecast(some, fake.MODEL, ForecastOptions(out=tmp_path / "untold", **given))
    assert Store(made.folder).read().equals(Store(untold.folder).read())
    assert made.targets.equals(untold.targets)


def test_bytes_are_near_what_is_then_written(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    some = worlds(fake, pack_folder)
    told = announced(fake, some, tmp_path / "out", runs=200)
    made = make_forecast(
        some, fake.MODEL, ForecastOptions(runs=200, scale=0.1, seed=1, out=tmp_path / "out", workers=0)
    )
    written = sum(part.stat().st_size for part in made.folder.rglob("*.parquet"))
    # a sample of four futures is a small part, with more overhead for each run than a large one
    assert written < told.bytes < 3 * written


def test_only_what_is_left_is_counted(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    some = worlds(fake, pack_folder)
    with pytest.raises(Unfinished):
        make_forecast(
            some,
            fake.MODEL,
            ForecastOptions(runs=40, scale=0.1, seed=1, out=tmp_path / "out", workers=0, shard=Shard(1, 4)),
        )
    assert announced(fake, some, tmp_path / "out").runs == 60
    share = announced(fake, some, tmp_path / "out", shard=Shard(2, 4))
    assert (share.futures, share.runs) == (10, 20)
    assert announced(fake, some, tmp_path / "out", shard=Shard(1, 4)).seconds == 0


def test_a_run_that_kills_its_process_does_not_end_the_estimate(
    fake: Any, pack_folder: str, tmp_path: Path
) -> None:
    some = worlds(fake, pack_folder, faults=((0, "exit"),))
    assert announced(fake, some, tmp_path / "out", workers=1).runs == 80


def test_a_disk_without_room_is_refused(
    fake: Any, pack_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = SimpleNamespace(disk_usage=lambda path: SimpleNamespace(free=10_000))
    monkeypatch.setattr(module, "shutil", full)
    with pytest.raises(InputError, match=r"^out: 80 runs need about .* GB, 1e-05 GB are free"):
        make_forecast(
            worlds(fake, pack_folder),
            fake.MODEL,
            ForecastOptions(
                runs=40, scale=0.1, seed=1, out=tmp_path / "out", workers=0, announce=lambda estimate: None
            ),
        )
    assert not (tmp_path / "out").exists()
