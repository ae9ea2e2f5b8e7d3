from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.forecast import Forecast, make_forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning.plan_of_runs import Shard, plan_runs
from shaanxi_transfer.experiments.running.shards import Unfinished


def make(fake: Any, pack_folder: str, out: Path, share: str | None = None, **changes: Any) -> Forecast:
    worlds = {
        "action_plan": fake.World("action_plan", growth=0.2, pack_folder=pack_folder, **changes),
        "no_plan": fake.World("no_plan", pack_folder=pack_folder),
    }
    shard = None if share is None else Shard.parse(share)
    return make_forecast(
        worlds, fake.MODEL, ForecastOptions(runs=10, scale=0.1, seed=1, out=out, workers=0, shard=shard)
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0/4", r"shard: '0/4' is no share.*allowed i/n.*did you mean 1/4\?"),
        ("5/4", r"shard: '5/4' .*did you mean 4/4\?"),
        ("a/b", r"shard: 'a/b' "),
        ("1/0", r"shard: '1/0' "),
        ("-1/4", r"shard: '-1/4' "),
        ("3", r"shard: '3' "),
        ("", r"shard: '' "),
    ],
)
def test_what_is_no_share_is_refused(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        Shard.parse(text)


@pytest.mark.parametrize("of", [1, 2, 3, 7, 50])
def test_shares_cover_the_plan_once_and_keep_futures_whole(of: int) -> None:
    plan = list(plan_runs(["a", "b", "c"], 20, 1))
    shares = [Shard(number, of).of_plan(plan) for number in range(1, of + 1)]
    assert sorted(run for share in shares for run in share) == sorted(plan)
    sizes = [len(share) for share in shares]
    assert max(sizes) - min(sizes) <= 3
    assert all(len(share) % 3 == 0 for share in shares)


def test_the_last_share_writes_the_tables_of_the_whole(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    whole = make(fake, pack_folder, tmp_path / "whole", faults=((4, "exception"),))
    out = tmp_path / "shared"
    for share in ("3/3", "1/3"):
        with pytest.raises(Unfinished) as told:
            make(fake, pack_folder, out, share, faults=((4, "exception"),))
        assert not (out / "targets.csv").exists()
    assert told.value.missing[:2] == ["action_plan-000001", "no_plan-000001"]
    assert len(told.value.missing) == 6 and told.value.planned == 20
    assert "6 of 20 runs are still missing" in str(told.value)
    last = make(fake, pack_folder, out, "2/3", faults=((4, "exception"),))
    for table in ("targets.csv", "indicators.csv"):
        assert (whole.folder / table).read_bytes() == (out / table).read_bytes()
    assert Store(out).read().equals(Store(whole.folder).read())
    assert list(last.failures["run_id"]) == ["action_plan-000004"]
    manifests = [json.loads((folder / "manifest.json").read_text("utf-8")) for folder in (whole.folder, out)]
    assert manifests[0]["identity"] == manifests[1]["identity"]
    assert [(m["runs_planned"], m["runs_finished"], m["runs_failed"]) for m in manifests] == [(20, 19, 1)] * 2
    assert not list(out.glob("claims*")), "claims of shares are left behind"


def test_a_share_has_no_precision(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    worlds = {"plan": fake.World("plan", pack_folder=pack_folder)}
    with pytest.raises(InputError, match="precision"):
        make_forecast(
            worlds,
            fake.MODEL,
            ForecastOptions(
                runs=4, scale=0.1, seed=1, out=tmp_path / "out", workers=0, shard=Shard(1, 2), precision=0.1
            ),
        )
