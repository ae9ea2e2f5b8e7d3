"""Leave one province out: what is shared is fitted on the others, the one is forecast from its pack alone.

``make across-left-out``, after `make across` with the same options: the fits at the origins are found in
``--out``, and none is made. For each province what all share is learnt from the banks of the others
(`one_left_out`), its own parameters are drawn from its pack's priors, and its past is forecast from each
origin in the futures of its own fit (31 provinces, four origins, 80 futures: 9,920 runs). What is finished is
kept by province and origin, so that it can be stopped, or made in pieces: ``--origins 2013 --runs-only`` and
so on, ``--provinces gansu,hubei``, then all with ``--no-runs``. Decision 0058.

Three tables beside the forecasts of each province's own fit, in forms without carry and without discrepancy
(what these add comes from the other provinces as it is), each also moved to the last known figure, draw by
draw, which leaves what is missed of growth alone.

A province that gives behaviour to the others by ``--shared`` is not left out wholly: runs of the others were
made where its posterior put them. That is said; without ``--shared`` it does not arise.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ...engine.errors import InputError
from ...experiments.backtesting.predicted_points import scores_of_predicted
from ...experiments.backtesting.rivals_half import COLUMNS
from ...experiments.fitting_provinces.estimate_all import nothing_is_made
from ...experiments.fitting_provinces.fits_in_turn import can_be_fitted
from ...experiments.fitting_provinces.kept_files import fingerprint
from ...experiments.fitting_provinces.one_left_out import (
    learnt_from_others,
    positions_left_out,
    shared_names,
)
from ...experiments.fitting_provinces.province_beliefs import SHARED_FROM
from ...experiments.fitting_provinces.provinces_in_turn import BacktestAcrossProvinces, Believed
from ...experiments.fitting_provinces.settings import Settings
from ...experiments.keeping.atomic_files import make_folder
from ...experiments.keeping.store import Store
from ...experiments.planning import door_to_model
from ...experiments.planning.checks import check_provinces
from ...experiments.running.runner import RunBatch
from ...experiments.running.staying_workers import StayingWorkers
from ...experiments.running.table_command import errors_in_one_line
from .options import options_of_fits, settings_of_fits
from .results import runs_of_backtest
from .tables import FITTED, rounded, summary_of_provinces

__all__ = ["GROWTH", "LEFT_OUT", "OTHERS", "SHARED", "SUMMARY", "LeftOut", "left_out", "main"]

LEFT_OUT: Final = "backtest_left_out.csv"
SUMMARY: Final = "backtest_left_out_summary.csv"
SHARED: Final = "backtest_left_out_shared.csv"
"""By province, series and horizon; over provinces, with intervals; what was learnt of shared parameters."""

OTHERS: Final = "model_left_out"
GROWTH: Final = "_growth"
"""Name of the forecaster, and what is added to it where draws are moved to the last known figure."""


@dataclass(frozen=True)
class LeftOut:
    """What leaving each province out found: the three tables, as written, and who is not in them and why."""

    table: pd.DataFrame
    summary: pd.DataFrame
    shared: pd.DataFrame
    left_out: dict[str, str]


def left_out(
    provinces: Sequence[str],
    fitted: Sequence[str],
    folder: Path,
    tables: Path | None,
    settings: Settings,
    *,
    model: door_to_model.Model | None = None,
    executor: RunBatch | None = None,
    workers: int | None = None,
    report: Callable[[str], None] = print,
) -> LeftOut | None:
    """Leave each of the provinces out, forecast it, and write how it did beside its own fit.

    Parameters
    ----------
    provinces : sequence of str
        Those that are left out in turn; one that has no fit of its own is forecast as well.
    fitted : sequence of str
        All whose fits lie in the folder, as they were made together.
    folder : Path
        Of `make across`.
    tables : Path or None
        Where the tables go; None to make and keep the runs only.
    settings : Settings
        Those of the fits.
    model, executor, workers
        As in a forecast.
    report : callable
        Gets a line for each step.

    Returns
    -------
    LeftOut or None
        None if only the runs were to be made.

    Raises
    ------
    RunsLeft
        If a fit is not in the folder, or a forecast of one.
    InputError
        If settings or provinces are refused, or none is left.
    """
    model = door_to_model.model() if model is None else model
    own = runs_of_backtest(fitted, folder, settings, model, nothing_is_made, workers, lambda line: None)
    with StayingWorkers(workers) as processes:
        forecasts = BacktestAcrossProvinces(
            list(provinces), folder, settings, model, executor or processes, workers, report
        )
        forecasts.look()
        if settings.shared is not None and SHARED_FROM in forecasts.provinces:
            report(f"{SHARED_FROM}: others were run where its posterior put them; it is not wholly left out")
        learnt: list[pd.DataFrame] = []
        forecasts.each_forecast(lambda province, origin: _believed(own, forecasts, province, origin, learnt))
    missing = {**own.left_out, **forecasts.left_out}
    if tables is None:
        return None
    scores = _scores({FITTED: own.points, OTHERS: forecasts.points}, forecasts.provinces)
    both = scores[scores["province"].isin(own.provinces)]
    if both.empty:
        raise InputError("none of them has a fit of its own", key="provinces", allowed=", ".join(fitted))
    summary = summary_of_provinces(both, settings.seed, less_than=FITTED)
    done = LeftOut(by_series_and_horizon(scores), summary, pd.concat(learnt, ignore_index=True), missing)
    make_folder(tables)
    for name, table in ((LEFT_OUT, done.table), (SUMMARY, done.summary), (SHARED, done.shared)):
        Store(tables).write_csv(name, rounded(table))
    return done


def _believed(
    own: BacktestAcrossProvinces,
    forecasts: BacktestAcrossProvinces,
    province: str,
    origin: int,
    learnt: list[pd.DataFrame],
) -> Believed:
    """Draw the parameters of a left-out province, and take down what was learnt of the shared ones."""
    place, fits = forecasts.places[province][origin], own.fits[origin]
    shared = shared_names(place)
    there = [name for name in own.provinces if name in fits]
    places = [fits[name].place for name in there]
    found = learnt_from_others(places, {name: fits[name].banks for name in there}, province, shared)
    learnt.append(
        pd.DataFrame(
            {
                "province": province,
                "origin": origin,
                "others": len(there) - (province in there),
                "parameter": shared,
                "position": found.mean,
                "position_sd": np.sqrt(np.diag(found.covariance)),
            }
        )
    )
    drawn = positions_left_out(place, shared, found)
    return Believed(forecasts.values_of(place, drawn), fingerprint("the others", own.fitted_from[origin]))


def _scores(points: Mapping[str, Mapping[str, pd.DataFrame]], provinces: Sequence[str]) -> pd.DataFrame:
    """Score the forecasts of each forecaster as they are, and moved to the last known figure."""
    tables = []
    for forecaster, by_province in points.items():
        for province in provinces:
            if province not in by_province:
                continue
            table = by_province[province]
            missed = table["ln_observed_at_origin"] - table["ln_simulated_at_origin"]
            for name, moved in ((forecaster, 0.0), (f"{forecaster}{GROWTH}", missed)):
                predicted = table.assign(ln_predicted=table["ln_simulated"] + moved)
                tables.append(scores_of_predicted(predicted, name).assign(province=province))
    return pd.concat(tables, ignore_index=True)[["province", *COLUMNS]]


def by_series_and_horizon(scores: pd.DataFrame) -> pd.DataFrame:
    """Put each forecaster beside the others, by province, series and horizon, over origins.

    Parameters
    ----------
    scores : DataFrame
        ``province`` and the columns of `rivals_half.COLUMNS`.

    Returns
    -------
    DataFrame
        ``province``, ``indicator``, ``horizon`` (``all`` for the sum over series or horizons), ``points``;
        for each forecaster its ``crps_`` and ``error_``: the mean CRPS of the logarithm, and the mean of
        ln median less ln observed, above zero where the forecast was too high. Not a number where a province
        has no fit of its own.
    """
    scores = scores.assign(error=np.log(scores["median"] / scores["observed"]))
    rows = []
    for names in ((), ("indicator",), ("horizon",), ("indicator", "horizon")):
        for group, mine in scores.groupby(["province", *names], sort=True):
            head = dict(zip(("province", *names), group, strict=True))
            row = {"indicator": "all", "horizon": "all", **head}
            for forecaster, its in mine.groupby("forecaster", sort=False):
                row["points"] = len(its)
                row[f"crps_{forecaster}"] = float(its["crps_log"].mean())
                row[f"error_{forecaster}"] = float(its["error"].mean())
            rows.append(row)
    measures = [f"{of}_{name}" for of in ("crps", "error") for name in scores["forecaster"].unique()]
    table = pd.DataFrame(rows, columns=["province", "indicator", "horizon", "points", *measures])
    return table.sort_values("province", kind="stable", ignore_index=True)


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 0 done, 1 done with provinces left out of the tables, 2 refused."""
    given = _options(arguments)
    settings = settings_of_fits(given)
    known = door_to_model.provinces()
    done = left_out(
        check_provinces(given.provinces, known) or list(known),
        check_provinces(given.fitted, known) or list(can_be_fitted()),
        given.out,
        None if given.runs_only else given.tables,
        settings,
        executor=nothing_is_made if given.no_runs else None,
        workers=given.workers,
    )
    if done is None:
        print(f"{given.out} holds the runs of {given.origins}; tables are made with all pieces together")
        return 0
    for line in said(done):
        print(line)
    return 1 if done.left_out else 0


def said(done: LeftOut) -> list[str]:
    """Say what was found."""
    overall = done.summary[done.summary["by"] == "all"]
    lines = [
        f"{row.forecaster}: CRPS of the log {row.crps_log:.3f}, error {row.abs_log_error:.3f}, "
        f"inside 50 / 80 / 95 %: {row.inside_50:.2f} / {row.inside_80:.2f} / {row.inside_95:.2f}; "
        f"{FITTED} less this {row.model_less:+.3f} ({row.model_less_low:+.3f} to {row.model_less_high:+.3f})"
        for row in overall.itertuples()
    ]
    return lines + [f"not in the tables: {province}: {why}" for province, why in done.left_out.items()]


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.backtest_of_all_provinces.left_out",
        description=__doc__,
        parents=[options_of_fits()],
    )
    parser.add_argument("--provinces", default="", help="who is left out in turn; by default all 31")
    parser.add_argument(
        "--fitted", default="", help="who was fitted together in --out; by default all that can be"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
