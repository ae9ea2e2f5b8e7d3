from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError, RunError
from shaanxi_transfer.experiments.forecast import Forecast, forecast, make_forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping.manifest import default_folder
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.replay import replayed
from shaanxi_transfer.experiments.running.progress import Progress


def worlds(fake: Any, pack_folder: str, **changes: Any) -> dict[str, Any]:
    plan = fake.World("action_plan", **{"growth": 0.2, "pack_folder": pack_folder, **changes})
    return {"action_plan": plan, "no_plan": fake.World("no_plan", pack_folder=pack_folder)}


def make(
    fake: Any, pack_folder: str, out: Path, runs: int = 12, workers: int = 0, **changes: Any
) -> Forecast:
    some = worlds(fake, pack_folder, **changes)
    return make_forecast(
        some, fake.MODEL, ForecastOptions(runs=runs, scale=0.1, seed=1, out=out, workers=workers)
    )


def test_the_folder_holds_exactly_the_agreed_files(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    made = make(fake, pack_folder, tmp_path / "out")
    names = sorted(
        file.relative_to(made.folder).as_posix() for file in made.folder.rglob("*") if file.is_file()
    )
    (part,) = (file.name for file in Store(made.folder).parts())
    assert names == [
        "differences.csv",
        "failures.csv",
        "indicators.csv",
        "manifest.json",
        f"predictive/{part}",
        f"runs/{part}",
        "targets.csv",
    ]
    store = Store(made.folder)
    pd.testing.assert_frame_equal(store.read("runs"), store.read("predictive"), check_exact=True)
    assert len(store.read()) == 12 * 2 * 12 * 4  # futures, scenarios, quarters, indicators
    assert made.exit_code == 0


def test_the_manifest_tells_what_the_tables_rest_on(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    manifest = json.loads(
        (make(fake, pack_folder, tmp_path / "out").folder / "manifest.json").read_text("utf-8")
    )
    identity = manifest["identity"]
    assert {key: identity[key] for key in ("kind", "runs", "scale", "seed")} == {
        "kind": "forecast",
        "runs": 12,
        "scale": 0.1,
        "seed": 1,
    }
    assert identity["scenarios"]["action_plan"]["contents"]["growth"] == 0.2
    assert len(identity["code"]) == len(identity["data"]["nowhere"]) == 64
    assert {"numpy", "pandas", "mesa"} <= set(manifest["versions"])
    assert (manifest["runs_finished"], manifest["runs_failed"]) == (24, 0)
    assert manifest["started"] <= manifest["ended"]
    assert manifest["seconds_per_run"] == pytest.approx(manifest["seconds"] / 24, abs=1e-3)


def test_the_target_table_equals_a_count_over_the_rows(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    made = make(fake, pack_folder, tmp_path / "out", runs=40)
    rows = Store(made.folder).read("predictive")
    in_2020 = rows[(rows["year"] == 2020) & (rows["indicator"] == "turnover")]
    sums = in_2020.groupby(["scenario", "future"])["value"].sum()
    chances = made.targets[made.targets["target"] == "turnover"].set_index("scenario")["probability"]
    for scenario in ("action_plan", "no_plan"):
        assert chances[scenario] == (sums[scenario] >= 4.1e9).mean()
    assert chances["action_plan"] > chances["no_plan"]
    assert list(made.targets["scenario"].unique()) == ["action_plan", "no_plan"]
    assert made.targets.loc[made.targets["target"] == "trained_people", "probability"].isna().all()


def test_years_of_all_futures_are_those_that_the_tables_count(
    fake: Any, pack_folder: str, tmp_path: Path
) -> None:
    made = make(fake, pack_folder, tmp_path / "out")
    years = made.yearly("turnover")
    assert set(years["indicator"]) == {"turnover"} and len(made.yearly()) > len(years)
    medians = years.groupby(["scenario", "year"])["value"].median()
    table = made.indicators[made.indicators["indicator"] == "turnover"].set_index(["scenario", "year"])
    assert medians.to_dict() == pytest.approx(table["q50"].to_dict())
    with pytest.raises(InputError, match="did you mean turnover"):
        made.yearly("turnovr")


def test_failed_runs_are_told_and_can_be_made_again(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    made = make(
        fake, pack_folder, tmp_path / "out put", workers=2, faults=((3, "exception"), (5, "exit"), (8, "nan"))
    )
    assert (made.failed, made.exit_code) == (3, 1)
    assert list(made.failures["run_id"]) == [f"action_plan-00000{future}" for future in (3, 5, 8)]
    assert list(made.failures["kind"]) == ["exception", "killed", "not finite"]
    counts = made.indicators.groupby("scenario")["runs"].unique()
    assert counts["action_plan"].tolist() == [9]
    assert counts["no_plan"].tolist() == [12]
    assert replayed(made.folder, "action_plan-000003").run.seed == made.failures["seed"][0]
    assert str(made.folder.resolve()) in made.failures["replay"][0]
    assert "3 runs failed" in repr(made)


def test_a_batch_that_was_stopped_is_completed(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    whole = make(fake, pack_folder, tmp_path / "whole")
    seen: list[Progress] = []

    def stop_after_nine(progress: Progress) -> None:
        seen.append(progress)
        if progress.done == 9:
            raise KeyboardInterrupt

    again: dict[str, Any] = {"runs": 12, "scale": 0.1, "seed": 1, "out": tmp_path / "stopped", "workers": 0}
    with pytest.raises(KeyboardInterrupt):
        make_forecast(
            worlds(fake, pack_folder), fake.MODEL, ForecastOptions(progress=stop_after_nine, **again)
        )
    assert len(Store(tmp_path / "stopped").finished_runs()) == 9
    assert [one.stage for one in seen[:2]] == ["run", "run"], "the toy has no rules to compile"
    completed = make_forecast(worlds(fake, pack_folder), fake.MODEL, ForecastOptions(**again))
    first, second = Store(whole.folder), Store(completed.folder)
    pd.testing.assert_frame_equal(first.read(), second.read(), check_exact=True)
    for name in ("targets.csv", "indicators.csv", "failures.csv"):
        assert (whole.folder / name).read_bytes() == (completed.folder / name).read_bytes()


def test_a_finished_forecast_is_not_run_again(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    made = make(fake, pack_folder, tmp_path / "out")
    before = {file: file.read_bytes() for file in made.folder.rglob("*.*") if file.is_file()}
    again = make(fake, pack_folder, tmp_path / "out")
    pd.testing.assert_frame_equal(made.targets, again.targets)
    assert {file: file.read_bytes() for file in made.folder.rglob("*.*") if file.is_file()} == before


@pytest.mark.parametrize("changes", [{"runs": 11}, {"runs": 13, "growth": 0.2001}, {"growth": 0.3}])
def test_another_forecast_in_the_folder_is_refused(
    fake: Any, pack_folder: str, tmp_path: Path, changes: dict[str, Any]
) -> None:
    make(fake, pack_folder, tmp_path / "out")
    with pytest.raises(InputError, match=r"^out: .*holds another experiment"):
        make(fake, pack_folder, tmp_path / "out", **changes)


def test_a_forecast_is_made_longer_as_if_it_had_been_so_from_the_start(
    fake: Any, pack_folder: str, tmp_path: Path
) -> None:
    at_once = make(fake, pack_folder, tmp_path / "at once", runs=8)
    short = make(fake, pack_folder, tmp_path / "out", runs=6)
    parts = Store(short.folder).parts()
    longer = make(fake, pack_folder, tmp_path / "out", runs=8)
    assert Store(longer.folder).read().equals(Store(at_once.folder).read())
    for name in ("targets.csv", "indicators.csv"):
        assert (longer.folder / name).read_bytes() == (at_once.folder / name).read_bytes()
    assert Store(longer.folder).parts()[: len(parts)] == parts, "what was there is not made again"
    manifests = [Store(one.folder).manifest() for one in (longer, at_once)]
    assert manifests[0]["identity_hash"] == manifests[1]["identity_hash"]
    assert manifests[0]["runs_finished"] == 16
    with pytest.raises(InputError, match=r"different: runs; allowed 8 futures or more, or a new folder"):
        make(fake, pack_folder, tmp_path / "out", runs=7)


def test_tables_of_fewer_futures_do_not_outlive_the_longer_forecast(
    fake: Any, pack_folder: str, tmp_path: Path
) -> None:
    short = make(fake, pack_folder, tmp_path / "out", runs=6)

    def stop(progress: Progress) -> None:
        raise KeyboardInterrupt

    options = ForecastOptions(runs=8, scale=0.1, seed=1, out=short.folder, workers=0, progress=stop)
    with pytest.raises(KeyboardInterrupt):
        make_forecast(worlds(fake, pack_folder), fake.MODEL, options)
    assert not (short.folder / "targets.csv").exists()
    with pytest.raises(InputError, match="is not finished"):
        Forecast.read(short.folder)


def test_when_every_run_fails_the_cause_is_told(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    with pytest.raises(
        RunError, match=r"not one of 2 runs ended well; a-000000: exception: ValueError: no money"
    ):
        make_forecast(
            {"a": fake.World("a", faults=((0, "exception"), (1, "exception")), pack_folder=pack_folder)},
            fake.MODEL,
            ForecastOptions(runs=2, scale=0.1, seed=1, out=tmp_path / "out", workers=0),
        )
    assert len(Store(tmp_path / "out").failures()) == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"runs": 0}, r"^runs: 0 futures cannot be run; allowed a whole number from 1"),
        ({"runs": -3}, r"^runs"),
        ({"runs": 2.5}, r"^runs"),
        ({"runs": True}, r"^runs"),
        ({"scale": 0.001}, r"^scale: 0\.001 is not a scale; allowed a share from 0\.01 to 1$"),
        ({"scale": float("nan")}, r"^scale"),
        ({"scale": 10}, r"^scale: .*did you mean 0\.1\?$"),
        ({"seed": -1}, r"^seed"),
        ({"seed": 2**63}, r"^seed"),
        ({"workers": -1}, r"^workers"),
    ],
)
def test_bad_numbers_are_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message):
        forecast("action_plan", out=tmp_path / "out", **changes)
    assert list(tmp_path.iterdir()) == []


def test_no_folder_given_means_one_named_by_content() -> None:
    one = default_folder(["forecast", "计划 a/b", "hubei"], {"seed": 1})
    assert one.parent == Path("results")
    assert one.name.startswith("forecast_计划_a_b_hubei_")
    assert one != default_folder(["forecast", "计划 a/b", "hubei"], {"seed": 2})


def test_figures_are_drawn_by_whoever_registered(
    fake: Any, pack_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(fake, pack_folder, tmp_path / "out")
    monkeypatch.setattr(Forecast, "plotter", None)
    with pytest.raises(InputError, match="draws figures"):
        made.plot()
    monkeypatch.setattr(
        Forecast, "plotter", staticmethod(lambda folder, target, lang: (folder, target, lang))
    )
    assert made.plot("turnover", lang="zh") == (made.folder, "turnover", "zh")


@pytest.mark.parametrize("run_id", ["action_plan-000012", "other-000001", "action_plan", "action_plan-1"])
def test_a_run_that_was_never_planned_cannot_be_replayed(
    fake: Any, pack_folder: str, tmp_path: Path, run_id: str
) -> None:
    made = make(fake, pack_folder, tmp_path / "out")
    with pytest.raises(InputError, match=r"^RUN: .*allowed action_plan-000000 to no_plan-000011"):
        replayed(made.folder, run_id)


def test_a_replayed_run_equals_the_stored_one(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    made = make(fake, pack_folder, tmp_path / "out")
    frame = replayed(made.folder, "no_plan-000007").frame(fake.run)
    rows = Store(made.folder).read()
    stored = rows[rows["run_id"] == "no_plan-000007"][list(frame.columns)]
    again = frame.sort_values(["indicator", "year", "quarter"])
    assert again.to_numpy().tolist() == stored.to_numpy().tolist()


def test_another_experiment_is_refused_before_anything_is_announced(
    fake: Any, pack_folder: str, tmp_path: Path
) -> None:
    out = make(fake, pack_folder, tmp_path / "out").folder
    announced: list[object] = []
    asked = ForecastOptions(runs=12, seed=2, out=out, workers=0, announce=announced.append)
    with pytest.raises(InputError, match="holds another experiment; different: seed"):
        make_forecast(worlds(fake, pack_folder), fake.MODEL, asked)
    assert announced == []


def test_a_longer_forecast_keeps_the_indicators_with_which_it_was_begun(
    fake: Any, pack_folder: str, tmp_path: Path
) -> None:
    out = make(fake, pack_folder, tmp_path / "out", runs=4).folder
    begun = Store(out).manifest()["identity"]["indicators"]
    more = {**fake.DEFINITIONS.indicators, "later": fake.Indicator("count", "stock")}
    later = replace(fake.MODEL, definitions=Definitions(more, fake.DEFINITIONS.targets))
    asked = ForecastOptions(runs=6, scale=0.1, seed=1, out=out, workers=0)
    make_forecast(worlds(fake, pack_folder), later, asked)
    assert Store(out).manifest()["identity"]["indicators"] == begun
    assert make(fake, pack_folder, out, runs=8).exit_code == 0, "the version that began it goes on"


def test_the_way_of_counting_that_stands_first_is_kept_with_the_forecast(
    fake: Any, pack_folder: str, tmp_path: Path
) -> None:
    counted = {"in_stock": "platforms", "none": "nothing"}
    targets = {"platforms": fake.Target("platforms", 95.0, "count", 2020, "stock_at_end", counted)}
    model = replace(fake.MODEL, definitions=Definitions(fake.DEFINITIONS.indicators, targets))
    asked = ForecastOptions(runs=4, out=tmp_path / "out", workers=0, counting={"platforms": "none"})
    made = make_forecast(worlds(fake, pack_folder), model, asked)
    assert list(made.targets["counting"]) == ["none", "in_stock"] * 2
    assert Store(made.folder).manifest()["identity"]["counting"] == {"platforms": "none"}
    wrong = ForecastOptions(runs=4, out=tmp_path / "other", workers=0, counting={"platforms": "new"})
    with pytest.raises(InputError, match="platforms is not counted as 'new'; allowed in_stock, none"):
        make_forecast(worlds(fake, pack_folder), model, wrong)
    assert not (tmp_path / "other").exists()


def test_a_folder_without_an_experiment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no experiment"):
        replayed(tmp_path, "action_plan-000001")
