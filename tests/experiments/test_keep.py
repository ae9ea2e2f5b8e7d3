"""Kept futures answer as `forecast` does, to the bit, and refuse in one line what they cannot answer."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer import forecast, keep, load
from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments import keep as keeping
from shaanxi_transfer.experiments.keep import KeptFutures
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning.plan_of_runs import PlannedRun
from shaanxi_transfer.experiments.planning.runs import Failed
from shaanxi_transfer.experiments.running.kept_memory import KeptEstimate
from shaanxi_transfer.experiments.running.kept_workers import KeptWorkers
from shaanxi_transfer.experiments.running.progress import Progress
from shaanxi_transfer.scenarios import Scenario, list_overlays, list_scenarios

START = {"plan_start": "2011-Q1", "end": "2011-Q4"}
TWENTY: dict[str, Any] = {"runs": 20, "scale": 0.02, "seed": 4}
SMALL: dict[str, Any] = {"runs": 3, "scale": 0.02, "seed": 9}


def world(base: str, **changes: Any) -> Scenario:
    return load(base).set(**{**START, "name": base.replace("+", "_"), **changes})


@pytest.fixture(scope="module")
def kept() -> Iterator[KeptFutures]:
    with keep(**SMALL, workers=0, scenarios=[world("action_plan"), world("no_plan")]) as made:
        yield made


def rows(folder: Path) -> pd.DataFrame:
    return Store(folder).read()


@pytest.mark.slow
def test_the_answer_is_the_forecast(kept: KeptFutures, tmp_path: Path) -> None:
    assert (str(kept.quarter), kept.runs) == ("2010-Q4", 3)
    assert 0.5e6 < kept.nbytes < 5e6 and "3 of shaanxi up to 2010-Q4" in repr(kept)
    half, none = world("action_plan+half_budget"), world("no_plan")
    early = world("action_plan", plan_start="2010-Q3", name="early")
    asked: dict[str, Any] = {"against": none, "also": (early,), "without": "carry"}
    with pytest.warns(UserWarning, match="'early' is run whole: it orders something else in 2010-Q3"):
        answer = kept.forecast(half, **asked, out=tmp_path / "kept", scale=0.02, province="shaanxi")
    whole = forecast(half, **asked, **SMALL, out=tmp_path / "whole", workers=0)
    assert answer.made_whole == ("early",) and "run whole: early" in repr(answer)
    assert whole.made_whole == () and "whole:" not in repr(whole)
    for kind in ("runs", "predictive"):
        pd.testing.assert_frame_equal(
            Store(answer.folder).read(kind), Store(whole.folder).read(kind), check_exact=True
        )
    for table in ("targets.csv", "indicators.csv", "failures.csv"):
        assert (answer.folder / table).read_bytes() == (whole.folder / table).read_bytes()
    assert Store(answer.folder).manifest()["identity"] == Store(whole.folder).manifest()["identity"]


@pytest.fixture(scope="module")
def every() -> dict[str, Any]:
    """Every scenario and overlay that comes with the package, and one that changes before the plan."""
    names = sorted({*list_scenarios(), *list_overlays()} - {"action_plan", "no_plan"})
    early = load("action_plan").set(plan_start="2016-Q3", name="early")
    return {"against": "no_plan", "also": (*names, early)}


@pytest.fixture(scope="module")
def lived_whole(every: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole") / "out"
    return forecast("action_plan", **every, **TWENTY, out=out, workers=0).folder


@pytest.mark.soak
@pytest.mark.parametrize("workers", [1, 2])
def test_every_scenario_in_twenty_futures_also_after_a_death(
    workers: int, every: dict[str, Any], lived_whole: Path, tmp_path: Path
) -> None:
    with keep(**TWENTY, workers=workers) as made:
        assert str(made.quarter) == "2018-Q1"
        with pytest.warns(UserWarning) as said:
            answers = [made.forecast("action_plan", **every, out=tmp_path / "first")]
        whole = {str(one.message).split("'")[1] for one in said if "is run whole" in str(one.message)}
        assert whole == {*answers[0].made_whole} == {"early", "nothing", "stationary"}
        manager = made._workers._shares[0]._pool._pool_manager.worker_manager
        os.kill(next(iter(manager.workers)), signal.SIGKILL)
        answers.append(made.forecast("half_budget", out=tmp_path / "after a death"))
    of_all = rows(lived_whole).set_index(["scenario", "future"]).sort_index()
    for answer, scenarios in zip(answers, (13, 2), strict=True):
        found = rows(answer.folder).set_index(["scenario", "future"]).sort_index()
        assert len(found.index.unique()) == scenarios * TWENTY["runs"]
        pd.testing.assert_frame_equal(found, of_all.loc[found.index.unique()], check_exact=True)
    for table in ("targets.csv", "indicators.csv", "differences.csv", "failures.csv"):
        assert (answers[0].folder / table).read_bytes() == (lived_whole / table).read_bytes(), table


def test_further_futures_are_lived_beside_those_that_are_kept(kept: KeptFutures, tmp_path: Path) -> None:
    worlds = [world("action_plan"), world("no_plan")]
    with keep(**{**SMALL, "runs": 1}, workers=0, scenarios=worlds) as grown:
        taken = grown.nbytes
        seen: list[Progress] = []
        grown.grow(1, progress=seen.append)
        assert (grown.runs, seen) == (1, [])

        def stop(progress: Progress) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            grown.grow(3, progress=stop)
        assert (grown.runs, grown.nbytes) == (1, taken)
        grown.grow(3, progress=seen.append)
        assert [(one.done, one.total) for one in seen] == [(2, 3), (3, 3)]
        assert (grown.runs, grown.nbytes) == (3, kept.nbytes)
        asked: dict[str, Any] = {"against": worlds[1], "without": "carry"}
        answer = grown.forecast(worlds[0], **asked, out=tmp_path / "grown")
    at_once = kept.forecast(worlds[0], **asked, out=tmp_path / "at once")
    pd.testing.assert_frame_equal(rows(answer.folder), rows(at_once.folder), check_exact=True)
    with pytest.raises(InputError, match="the kept futures are closed"):
        grown.grow(4)


def test_fewer_futures_and_another_world(kept: KeptFutures, tmp_path: Path) -> None:
    drier = world("no_plan", name="drier", technology_firms_2017=9_000.0)
    with pytest.warns(UserWarning) as said:
        answer = kept.forecast(drier, against=None, without="luck", runs=2, out=tmp_path / "kept")
    assert [str(one.message) for one in said] == [
        "'drier' is run whole: its futures share one luck, and those that are kept have each their own"
    ]
    whole = forecast(
        drier, against=None, without="luck", **{**SMALL, "runs": 2}, out=tmp_path / "whole", workers=0
    )
    pd.testing.assert_frame_equal(rows(answer.folder), rows(whole.folder), check_exact=True)
    why = kept._past.why_not(drier)
    assert why == "it assumes another world (parameters)"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"scale": 0.1}, "scale: the futures are kept with scale 0.02, not 0.1; allowed 0.02, or other"),
        ({"seed": 1}, "seed: the futures are kept with seed 9, not 1"),
        ({"belief": "prior"}, "belief: the futures are kept with belief None, not prior"),
        ({"province": "四川"}, "province: the futures are kept with province shaanxi, not sichuan"),
        ({"runs": 4}, "runs: 3 futures are kept, not 4; allowed 1 to 3"),
        ({"runs": 0}, "runs: 0 futures cannot be run"),
        ({"cluster": "tcp://a:1"}, "cluster: 'cluster' is no option of kept futures"),
        ({"scenario": "action_plam"}, "did you mean action_plan"),
    ],
)
def test_what_was_not_kept_is_refused(kept: KeptFutures, asked: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        kept.forecast(**{"scenario": world("action_plan"), "out": tmp_path / "out", **asked})
    assert message in str(refused.value) and "\n" not in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_worlds_of_another_province_or_belief_do_not_mix(kept: KeptFutures, tmp_path: Path) -> None:
    for other, message in (
        (
            world("action_plan", province="hubei"),
            r"^province: .* 'hubei', and the futures are kept with 's",
        ),
        (world("action_plan", belief="prior"), r"^belief: 'action_plan' has belief 'prior'"),
    ):
        with pytest.raises(InputError, match=message):
            kept.forecast(other, out=tmp_path / "out")
        with pytest.raises(InputError, match=message):
            kept.forecast(world("action_plan", name="mine"), against=other, out=tmp_path / "out")


@pytest.mark.parametrize("what", ["hash_of_code", "hash_of_data"])
def test_after_the_package_or_a_pack_changed_nothing_is_answered(
    kept: KeptFutures, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, what, lambda *given: "another")
    word = {"hash_of_code": "the package", "hash_of_data": "the pack of the province"}[what]
    with pytest.raises(InputError, match=f"^forecast: {word} changed since the futures were kept"):
        kept.forecast(world("action_plan"))


def test_closed_futures_answer_nothing() -> None:
    made = keep(runs=1, scale=0.02, workers=0, scenarios=[world("no_plan")])
    assert str(made.quarter) == "2011-Q3", "one quarter is left to be asked about"
    made.close()
    made.close()
    assert repr(made) == "<KeptFutures, closed>"
    with pytest.raises(InputError, match="the kept futures are closed"):
        made.forecast(world("action_plan"))


def test_what_does_not_fit_is_refused_before_a_process_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*given: object) -> None:
        raise AssertionError("workers were started")

    monkeypatch.setattr(keeping, "KeptWorkers", started)
    with pytest.raises(InputError, match=r"^runs: 50 futures take .* room for 5\.0 MB; allowed up to \d "):
        keep(runs=50, scale=0.02, scenarios=[world("no_plan")], memory=5_000_000)


def test_a_process_that_runs_out_of_memory_is_told_with_what_fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_and_no_more(self: KeptWorkers, futures: object) -> Iterator[int]:
        yield 1_000
        raise MemoryError

    monkeypatch.setattr(KeptWorkers, "keep", one_and_no_more)
    with pytest.raises(
        InputError, match=r"^runs: a process has no memory left after 1 futures; allowed up to 1"
    ):
        keep(runs=2, scale=0.02, workers=0, scenarios=[world("no_plan")])


def test_a_future_that_fails_on_the_way_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = Failed(PlannedRun("past-000001", "past", 1, 42), "exception", "ValueError: none, in a rule")

    def one_fails(self: KeptWorkers, futures: object) -> Iterator[int | Failed]:
        yield 1_000
        yield failed

    seen: list[Progress] = []
    monkeypatch.setattr(KeptWorkers, "keep", one_fails)
    with pytest.warns(
        UserWarning,
        match=r"^1 of 2 futures are not kept: future 1 \(exception\): ValueError: none, in a rule$",
    ):
        made = keep(runs=2, scale=0.02, workers=0, scenarios=[world("no_plan")], progress=seen.append)
    assert made.failed == (failed,) and made.nbytes == 1_000
    assert [(each.done, each.failed) for each in seen] == [(1, 0), (2, 1)]
    made.close()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"memory": 0}, "memory: 0 bytes"),
        ({"memory": "1 GB"}, "memory: '1 GB' bytes"),
        ({"scenarios": "action_plan"}, "scenarios: 'action_plan' is no list"),
        (
            {"scenarios": ["no_plan", "nothing"]},
            "no quarter in common: it orders something else in 2010-Q1",
        ),
        (
            {"scenarios": ["no_plan", "stationary"]},
            "it assumes another world (outside, draw_parameters, draw_outside)",
        ),
        ({"province": "shanxii"}, "did you mean"),
        ({"scale": 2}, "scale: "),
        ({"runs": -1}, "runs: "),
    ],
)
def test_bad_input_of_keep(asked: Any, message: str) -> None:
    with pytest.raises(InputError) as refused:
        keep(**asked)
    assert message in str(refused.value) and "\n" not in str(refused.value)


def test_it_says_in_advance_what_it_takes_and_may_be_called_off() -> None:
    said: list[KeptEstimate] = []

    def no(estimate: KeptEstimate) -> None:
        said.append(estimate)
        raise RuntimeError("too much for me")

    with pytest.raises(RuntimeError, match="too much for me"):
        keep(runs=4, scale=0.02, scenarios=[world("no_plan")], announce=no)
    assert said[0].bytes_of_all == 4 * said[0].bytes_each and said[0].seconds > 0.0


@pytest.mark.slow
def test_ctrl_c_frees_the_workers() -> None:
    seen: list[Progress] = []

    def stop(progress: Progress) -> None:
        seen.append(progress)
        signal.raise_signal(signal.SIGINT)

    before = set(multiprocessing.active_children())
    with pytest.raises(KeyboardInterrupt):
        keep(runs=2, scale=0.02, workers=1, scenarios=[world("no_plan")], progress=stop)
    assert [one.done for one in seen] == [1]
    assert set(multiprocessing.active_children()) <= before
