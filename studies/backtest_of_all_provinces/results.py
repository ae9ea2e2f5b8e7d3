"""From the runs of all provinces to what is written: scores, tables, posteriors, discrepancies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ...engine.errors import InputError
from ...experiments.backtesting.all_provinces import AllProvinces, all_provinces
from ...experiments.backtesting.discrepancy_estimate import OBSERVATION_ERROR
from ...experiments.backtesting.energy_score import energy_of_backtest
from ...experiments.backtesting.pooled_discrepancy import discrepancy_of_province
from ...experiments.backtesting.quantile_pool import POOL_FILE
from ...experiments.backtesting.rivals_half import COLUMNS
from ...experiments.backtesting.rivals_half import DRAWS as RIVAL_DRAWS
from ...experiments.backtesting.stored_forecasts import write_stored
from ...experiments.fitting_provinces.calibrate_all import HAS_POSTERIOR, write_fit
from ...experiments.fitting_provinces.provinces_in_turn import BacktestAcrossProvinces
from ...experiments.fitting_provinces.settings import Settings
from ...experiments.forecasting.discrepancy import FILE
from ...experiments.keeping.atomic_files import make_folder
from ...experiments.keeping.store import Store
from ...experiments.planning import door_to_model
from ...experiments.planning.definitions import LAST_YEAR
from ...experiments.running.runner import RunBatch
from ...experiments.running.staying_workers import StayingWorkers
from .pool import ADDED, WEIGHTS, pool_of_backtest
from .scores import Scored, rivals_of_pack, score_provinces, volatilities
from .tables import SCORES, by_province, rounded, summary_of_provinces

if TYPE_CHECKING:
    from ...scenarios import Pack

__all__ = [
    *("BY_PROVINCE", "ENERGY", "SHAPE", "SUMMARY"),
    "SCORES",
    *("Across", "across", "runs_of_backtest"),
]

SUMMARY: Final = "backtest_provinces_summary.csv"
BY_PROVINCE: Final = "backtest_provinces_by_province.csv"
SHAPE: Final = "backtest_provinces_discrepancy.csv"
ENERGY: Final = "backtest_provinces_energy.csv"
GAPS: Final = "backtest_provinces_coherence.csv"


@dataclass(frozen=True)
class Across:
    """What a backtest across provinces found.

    Attributes
    ----------
    scores, summary, provinces, shape : DataFrame
        See `rivals_half.COLUMNS`, `tables`, and `SHAPE`: the numbers of the discrepancy.
    left_out : dict of str to str
        Provinces that are not in it, and why.
    failed : int
        Runs that failed.
    coherence, energy : DataFrame
        `reconciled_points.COHERENCE` and `energy_score.ENERGY_OF_BACKTEST`.
    """

    scores: pd.DataFrame
    summary: pd.DataFrame
    provinces: pd.DataFrame
    shape: pd.DataFrame
    left_out: dict[str, str]
    failed: int
    coherence: pd.DataFrame
    energy: pd.DataFrame


def across(
    provinces: Sequence[str],
    folder: Path,
    tables: Path,
    settings: Settings,
    *,
    model: door_to_model.Model | None = None,
    executor: RunBatch | None = None,
    workers: int | None = None,
    report: Callable[[str], None] = print,
) -> Across:
    """Fit, forecast and score all provinces, and write what was found.

    Parameters
    ----------
    provinces : sequence of str
        Packs, two or more: a province's discrepancy comes from the others.
    folder, tables : Path
        Where the provinces' folders and the tables go.
    model, executor, workers
        As in a forecast.
    report : callable
        Gets a line for each step.

    Raises
    ------
    InputError
        If settings or the shared posterior are refused, or fewer than two provinces are left.
    """
    from ...scenarios import load_pack

    model = door_to_model.model() if model is None else model
    make_folder(tables)
    backtest = runs_of_backtest(provinces, folder, settings, model, executor, workers, report)
    packs = {province: load_pack(province) for province in backtest.provinces}
    scored = score_provinces(backtest.points, packs, settings.seed)
    everyone = all_provinces()  # not only those that are scored: shares are learnt from all of them
    rivals = [_rivals(pack, everyone, settings, report) for pack in packs.values()]
    everything = _same_points(pd.concat([scored.scores, *rivals], ignore_index=True)).sort_values(
        ["province", "indicator", "origin", "year"], kind="stable", ignore_index=True
    )
    pooled = pool_of_backtest(everything, packs, seed=settings.seed, source=_source(backtest), report=report)
    everything = pd.concat([everything, pooled.scores], ignore_index=True).sort_values(
        ["province", "indicator", "origin", "year"], kind="stable", ignore_index=True
    )
    scores = everything[["province", *COLUMNS]]
    shape = _shape_table(scored)
    summary = summary_of_provinces(scores, settings.seed)
    of_provinces = by_province(scores, _facts(backtest))
    joint = pd.concat([everything, _at(scored.joint, everything)], ignore_index=True)
    energy = energy_of_backtest(joint)
    named = {SCORES: scores, SUMMARY: summary, BY_PROVINCE: of_provinces, SHAPE: shape, ENERGY: energy}
    named |= {WEIGHTS: pooled.weights, ADDED: pooled.added, GAPS: scored.coherence}
    for name, table in named.items():
        Store(tables).write_csv(name, rounded(table))
    write_stored(tables, SCORES, joint)
    _write_provinces(backtest, scored, packs)
    if pooled.pool is not None:
        pooled.pool.write(folder / POOL_FILE)
    failed = sum(cost.failed for cost in backtest.costs.values())
    return Across(scores, summary, of_provinces, shape, backtest.left_out, failed, scored.coherence, energy)


def runs_of_backtest(
    provinces: Sequence[str],
    folder: Path,
    settings: Settings,
    model: door_to_model.Model,
    executor: RunBatch | None = None,
    workers: int | None = None,
    report: Callable[[str], None] = print,
) -> BacktestAcrossProvinces:
    """Make what is missing of the fits and forecasts at the years of the settings, and keep it.

    Parameters are those of `across`; without an executor the processes of this machine stay from one bank to
    the next.
    """
    _check(provinces, settings)
    make_folder(folder)
    with StayingWorkers(workers) as processes:
        backtest = BacktestAcrossProvinces(
            list(provinces), folder, settings, model, executor or processes, workers, report
        )
        backtest.run()
    return backtest


def _check(provinces: Sequence[str], settings: Settings) -> None:
    if len(set(provinces)) < 2 or len(set(provinces)) < len(provinces):
        raise InputError(
            f"{', '.join(provinces) or 'none'}",
            key="provinces",
            allowed="two or more, each once: the discrepancy of one comes from the others",
        )
    settings.check(len(provinces))


def _rivals(
    pack: Pack, everyone: AllProvinces, settings: Settings, report: Callable[[str], None]
) -> pd.DataFrame:
    scores, left_out = rivals_of_pack(pack, settings.origins, settings.seed, RIVAL_DRAWS, everyone)
    for line in left_out:
        report(f"rivals: {line}")
    return scores


def _same_points(scores: pd.DataFrame) -> pd.DataFrame:
    """Keep the points that every forecaster has, so that means compare the same."""
    place = ["province", "indicator", "origin", "year"]
    have = scores.groupby(place)["forecaster"].transform("nunique")
    return scores[have == scores["forecaster"].nunique()]


def _at(joint: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Keep the points that every forecaster has."""
    place = ["province", "indicator", "origin", "year"]
    return joint.merge(scores[place].drop_duplicates(), on=place)


def _shape_table(scored: Scored) -> pd.DataFrame:
    """Give the numbers of the pooled discrepancy, by series."""
    shape = scored.shape
    return pd.DataFrame(
        [
            {
                "indicator": name,
                "factor_of_volatility": shape.factor[name],
                "carry": shape.carry[name],
                "observation_error": OBSERVATION_ERROR[name],
                "growth_power": shape.growth_power,
                "weight_of_typical": shape.weight,
                "degrees_of_freedom": shape.degrees_of_freedom,
                "points": scored.points,
            }
            for name in shape.factor
        ]
    )


def _facts(backtest: BacktestAcrossProvinces) -> pd.DataFrame:
    """What each province was run with, cost and was worth."""
    return pd.DataFrame(
        [
            {
                "province": province,
                "misfit_prior": backtest.fits[LAST_YEAR][province].misfit(0),
                "misfit_fitted": backtest.fits[LAST_YEAR][province].misfit(-1),
                "effective_sample_size": backtest.fits[LAST_YEAR][province].effective_sample_size,
                "scale": backtest.places[province][LAST_YEAR].scale,
                "failed": backtest.costs[province].failed,
            }
            for province in backtest.provinces
        ]
    ).set_index("province")


def _source(backtest: BacktestAcrossProvinces) -> str:
    origins = backtest.settings.origins
    return f"backtest across {len(backtest.provinces)} provinces, origins {min(origins)} to {max(origins)}"


def _write_provinces(backtest: BacktestAcrossProvinces, scored: Scored, packs: dict[str, Pack]) -> None:
    """Write what forecasts read; the shared province keeps the posterior of its own calibration.

    Where no posterior is worth keeping, forecasts draw from priors: `from_priors` writes their discrepancy,
    which stays.
    """
    known = volatilities(packs, LAST_YEAR)
    source = f"{_source(backtest)}; volatility of the province up to {LAST_YEAR}"
    for province in backtest.provinces:
        if write_fit(backtest, province) not in HAS_POSTERIOR:
            continue
        found = discrepancy_of_province(scored.shape, known[province], points=scored.points, source=source)
        found.write(backtest.folder / province / FILE)
