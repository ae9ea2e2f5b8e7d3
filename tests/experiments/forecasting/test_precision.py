from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.forecast import Forecast, make_forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.forecasting.precision import (
    expected_half_width,
    first_look,
    half_width,
    rounds,
)
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.running.progress import Progress


def make(
    fake: Any, pack_folder: str, out: Path, precision: float | None, workers: int = 0, **changes: Any
) -> Forecast:
    worlds = {
        "action_plan": fake.World("action_plan", growth=0.05, pack_folder=pack_folder),
        "no_plan": fake.World("no_plan", pack_folder=pack_folder),
    }
    return make_forecast(
        worlds,
        fake.MODEL,
        ForecastOptions(
            **{
                "runs": 450,
                "scale": 0.1,
                "seed": 1,
                "out": out,
                "workers": workers,
                "precision": precision,
                **changes,
            }
        ),
    )


def stopped(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))["stopped"]
    return told


def test_futures_are_added_until_every_probability_is_precise(
    fake: Any, pack_folder: str, tmp_path: Path
) -> None:
    made = make(fake, pack_folder, tmp_path / "out", 0.06)
    told = stopped(made.folder)
    assert told["reason"] == "precision reached" and told["futures"] in (200, 300, 400)
    widths = (made.targets["probability_high"] - made.targets["probability_low"]) / 2
    assert widths.max() == pytest.approx(told["half_width"], abs=1e-6)
    assert widths.max() <= 0.06
    widest = made.targets[widths == widths.max()].iloc[0]
    assert (told["scenario"], told["target"]) == (widest["scenario"], widest["target"])
    rows = Store(made.folder).read()
    per_scenario = rows.groupby("scenario")["future"].unique().map(sorted)
    assert all(futures == list(range(told["futures"])) for futures in per_scenario), "not balanced"
    # one round less was not enough
    before = make(fake, pack_folder, tmp_path / "less", None, runs=told["futures"] - 100)
    assert ((before.targets["probability_high"] - before.targets["probability_low"]) / 2).max() > 0.06


def test_neither_workers_nor_a_stop_in_between_change_where_it_ends(
    fake: Any, pack_folder: str, tmp_path: Path
) -> None:
    alone = make(fake, pack_folder, tmp_path / "alone", 0.07)

    def stop(progress: Progress) -> None:
        if progress.done == 130:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(fake, pack_folder, tmp_path / "two", 0.07, workers=2, progress=stop)
    stages: list[str] = []
    two = make(
        fake, pack_folder, tmp_path / "two", 0.07, workers=2, progress=lambda news: stages.append(news.stage)
    )
    assert stopped(two.folder) == stopped(alone.folder)
    assert (two.folder / "targets.csv").read_bytes() == (alone.folder / "targets.csv").read_bytes()
    assert Store(two.folder).read().equals(Store(alone.folder).read())
    assert stages.count("tables") == 1 and stages[-1] == "tables"


def test_it_ends_with_the_last_future_at_most(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    made = make(fake, pack_folder, tmp_path / "out", 0.01, runs=150)
    told = stopped(made.folder)
    assert (told["futures"], told["reason"]) == (150, "all futures made")
    assert told["half_width"] > 0.01


def test_another_precision_is_another_experiment(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    make(fake, pack_folder, tmp_path / "out", 0.5, runs=100)
    with pytest.raises(InputError, match="different: precision"):
        make(fake, pack_folder, tmp_path / "out", 0.1, runs=100)


def test_without_a_target_nothing_is_ever_precise(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    worlds = {"plan": fake.World("plan", years=1, pack_folder=pack_folder)}
    with pytest.raises(InputError, match="no target can be judged"):
        make_forecast(
            worlds,
            fake.MODEL,
            ForecastOptions(runs=10, scale=0.1, seed=1, out=tmp_path / "out", workers=0, precision=0.1),
        )


@pytest.mark.parametrize(("wrong", "hint"), [(2.0, "0.02"), (0.0, None), (-0.1, None), (float("nan"), None)])
def test_what_is_no_precision_is_refused(wrong: float, hint: str | None) -> None:
    with pytest.raises(InputError, match=r"^precision: .*allowed half of the 95 % interval") as refused:
        ForecastOptions(precision=wrong)
    assert refused.value.suggestion == hint


def test_the_expected_width_is_that_of_a_probability_of_one_half() -> None:
    for futures in (2, 100, 1000, 123_456):
        assert expected_half_width(futures) == pytest.approx(half_width(futures // 2, futures), rel=1e-9)
        assert half_width(0, futures) < expected_half_width(futures)


def test_fewer_than_a_round_are_judged_only_if_they_are_enough_for_any_probability(
    fake: Any, pack_folder: str, tmp_path: Path
) -> None:
    for precision in (0.03, 0.09, 0.1, 0.15, 0.2, 0.22):
        first = first_look(precision)
        if first < 100:
            assert expected_half_width(first) <= precision < expected_half_width(first - 1) or first == 20
        else:
            assert expected_half_width(99) > precision
    made = make(fake, pack_folder, tmp_path / "out", 0.2, runs=40)
    told = stopped(made.folder)
    assert (told["futures"], told["reason"]) == (21, "precision reached")
    assert set(Store(made.folder).read()["future"]) == set(range(21))


@pytest.mark.parametrize("futures", [1, 99, 100, 101, 300])
def test_rounds_end_with_the_last_future(futures: int) -> None:
    for precision in (0.05, 0.3):
        ends = list(rounds(futures, precision))
        assert ends[-1] == futures and ends == sorted(set(ends))
