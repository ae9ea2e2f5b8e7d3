"""Try on the past what is forecast where there is no posterior: runs from priors, the whole last residual.

``python -m shaanxi_transfer.studies.backtest_of_all_provinces.from_priors`` runs every province that can be
fitted from its priors, with the pack of each origin (80 futures, four origins: 9,600 runs, twenty minutes on
two cores), keeps the points below ``--out``, writes ``backtest_from_priors.csv`` into ``--tables``, and for
each province that comes without a posterior the ``discrepancy.yaml`` that its forecasts read, for `adopt`.
The carry is one: a forecast from priors knows the level from its last figure alone, and what it misses there
it misses for good. All else is learnt together: of a province from all others, of an origin from what
all had missed up to it, as for fitted forecasts (decision 0014). Decision 0045.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ...engine.errors import InputError, RunError
from ...experiments.backtesting.model_half import forecast_points, world_of_origin
from ...experiments.backtesting.pooled_discrepancy import PooledShape, discrepancy_of_province, pooled_shape
from ...experiments.backtesting.predicted_points import predicted_points, scores_of_predicted
from ...experiments.backtesting.rivals_half import COLUMNS, ORIGINS, check_origins
from ...experiments.fitting_provinces.fits_in_turn import can_be_fitted
from ...experiments.fitting_provinces.kept_files import fingerprint, keep_points, kept_points
from ...experiments.fitting_provinces.settings import scale_of
from ...experiments.forecasting.discrepancy import FILE, SERIES, Discrepancy
from ...experiments.keeping.atomic_files import make_folder
from ...experiments.keeping.provenance import hash_of_mechanisms
from ...experiments.keeping.store import Store
from ...experiments.planning import door_to_model
from ...experiments.planning.checks import check_provinces
from ...experiments.planning.definitions import LAST_YEAR
from ...experiments.planning.options import FuturesOptions
from ...experiments.running.runner import RunBatch, run_batch
from ...experiments.running.table_command import DEFAULT_FOLDER, errors_in_one_line
from .scores import Volatilities, placed_points, volatilities
from .tables import rounded

if TYPE_CHECKING:
    from ...scenarios import Pack

__all__ = ["ELSEWHERE", "PAST_ONLY", "SCORES", "from_priors", "main", "without_posterior"]

SCORES: Final = "backtest_from_priors.csv"

ELSEWHERE: Final = "prior_whole_carry"
PAST_ONLY: Final = "prior_whole_carry_past_only"
"""Forecasters: with the discrepancy of all other provinces; with what all had missed up to the origin."""

Points = Mapping[str, pd.DataFrame]


def points_from_priors(
    province: str,
    origins: Sequence[int],
    folder: Path,
    *,
    model: door_to_model.Model,
    runs: int,
    seed: int,
    executor: RunBatch = run_batch,
    workers: int | None = None,
) -> pd.DataFrame:
    """Run a province from its priors at each origin, or find what was run; columns of `points.POINT_COLUMNS`.

    Parameters
    ----------
    province : str
    origins : sequence of int
    folder : Path
        Of this province: the packs that there would have been go here, and the points.
    model, runs, seed, executor, workers
        As in a forecast; the scale is that of the fits.

    Raises
    ------
    InputError, RunError
        As for `model_half.forecast_points`.
    """
    from ...scenarios import load_pack
    from ...scenarios.provinces.earlier_pack import write_earlier_pack

    series = load_pack(province).series_of
    observed = {name: series(name) for name in SERIES}
    tables = []
    for origin in origins:
        pack = write_earlier_pack(province, origin, folder / f"prior_{origin}")
        world = world_of_origin(str(pack.resolve()), origin, "prior")
        file, found = kept_points(
            folder, origin, fingerprint("prior", hash_of_mechanisms(), world.hash, runs, seed)
        )
        if found is None:
            found = forecast_points(
                world,
                model,
                runs=runs,
                scale=scale_of(world.parameters_before_overrides()["technology_firms_2017"].value),
                seed=seed,
                executor=executor,
                workers=workers,
                observed=observed,
            )
            keep_points(file, found)
        tables.append(found)
    points = pd.concat(tables, ignore_index=True)
    if points.empty:
        raise InputError("no figure after an origin", key="origins", allowed="one or more")
    return points


def score_from_priors(
    points: Points, packs: Mapping[str, Pack], seed: int
) -> tuple[pd.DataFrame, PooledShape, int]:
    """Score forecasts from priors with the whole last residual and the discrepancy pooled over provinces.

    Parameters
    ----------
    points : mapping of str to DataFrame
        By province, of `points_from_priors`.
    packs : mapping of str to Pack
        Of today, of all provinces: what is typical of the others is told from them.
    seed : int
        By which the points were made.

    Returns
    -------
    scores : DataFrame
        ``province`` and the columns of `rivals_half.COLUMNS`.
    shape : PooledShape
        From all points.
    number : int
        Forecasts that it was learnt from.
    """
    placed = placed_points(points, packs)
    shape, found = pooled_shape(placed, whole_carry=True)
    origins = sorted({one.point.origin for one in placed})
    known = {origin: volatilities(packs, origin) for origin in origins}
    earlier = {
        origin: pooled_shape(
            [one for one in placed if one.point.origin + one.point.horizon <= origin], whole_carry=True
        )[0]
        for origin in origins
    }
    tables = []
    for province, mine in points.items():
        others = [one for one in placed if one.province != province]
        elsewhere = pooled_shape(others, start=found, whole_carry=True)[0]
        for forecaster, shapes in ((ELSEWHERE, dict.fromkeys(origins, elsewhere)), (PAST_ONLY, earlier)):
            discrepancies = {
                origin: without_posterior(shapes[origin], known[origin][province], len(placed), SCORES)
                for origin in origins
            }
            predicted = predicted_points(mine, discrepancies, seed)
            tables.append(scores_of_predicted(predicted, forecaster).assign(province=province))
    return pd.concat(tables, ignore_index=True)[["province", *COLUMNS]], shape, len(placed)


def without_posterior(shape: PooledShape, volatility: Volatilities, points: int, source: str) -> Discrepancy:
    """Give the discrepancy of forecasts that are drawn from priors, when tried and when frozen."""
    return discrepancy_of_province(shape, volatility, points=points, source=source, drawn_from="prior")


def from_priors(
    provinces: Sequence[str],
    folder: Path,
    tables: Path,
    *,
    origins: Sequence[int] = ORIGINS,
    runs: int = 80,
    seed: int = 1,
    model: door_to_model.Model | None = None,
    executor: RunBatch = run_batch,
    workers: int | None = None,
    report: Callable[[str], None] = print,
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Run, score, and write tables and discrepancies; give the scores, and who was left out and why.

    Raises
    ------
    InputError
        If no province is left.
    """
    from ...scenarios import list_provinces, load_pack
    from ...scenarios.provinces.posterior import HEAD_FILE, posterior_folder

    model = door_to_model.model() if model is None else model
    model.warm()
    make_folder(tables)
    points: dict[str, pd.DataFrame] = {}
    left_out: dict[str, str] = {}
    for province in provinces:
        make_folder(folder / province)
        try:
            points[province] = points_from_priors(
                province,
                origins,
                folder / province,
                model=model,
                runs=runs,
                seed=seed,
                executor=executor,
                workers=workers,
            )
        except (InputError, RunError) as error:
            left_out[province] = str(error)
            report(f"{province}: left out: {error}")
            continue
        report(f"{province}: {len(points[province])} draws of forecasts")
    if not points:
        raise InputError("no province is left", key="provinces", allowed="one that can be run")
    packs = {name: load_pack(name) for name in list_provinces()}
    scores, shape, number = score_from_priors(points, packs, seed)
    Store(tables).write_csv(SCORES, rounded(scores))
    source = (
        f"forecasts from priors tried in {len(points)} provinces, origins {min(origins)} to {max(origins)}, "
        f"the whole last residual carried on; volatility of the province up to {LAST_YEAR}"
    )
    known = volatilities(packs, LAST_YEAR)
    for province in packs:
        if posterior_folder("posterior", province) is None and not (folder / province / HEAD_FILE).is_file():
            make_folder(folder / province)
            without_posterior(shape, known[province], number, source).write(folder / province / FILE)
            report(f"{province}: has no posterior: {folder / province / FILE}")
    return scores, left_out


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 0 done, 1 done with provinces left out, 2 refused."""
    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.backtest_of_all_provinces.from_priors", description=__doc__
    )
    parser.add_argument(
        "--provinces", default="", help="names separated by commas; by default all that can be fitted"
    )
    parser.add_argument("--origins", default=",".join(map(str, ORIGINS)), help="years separated by commas")
    parser.add_argument("--runs", type=int, default=80, help="futures from each origin")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--out", type=Path, default=Path("results") / "across", help="points, discrepancies")
    parser.add_argument("--tables", type=Path, default=DEFAULT_FOLDER, help="folder of the table")
    given = parser.parse_args(arguments)
    FuturesOptions(runs=given.runs, scale=0.1, seed=given.seed, workers=given.workers)
    provinces = check_provinces(given.provinces, door_to_model.provinces()) or list(can_be_fitted())
    scores, left_out = from_priors(
        provinces,
        given.out,
        given.tables,
        origins=check_origins(given.origins),
        runs=given.runs,
        seed=given.seed,
        workers=given.workers,
    )
    for name, mine in scores.groupby("forecaster"):
        inside = " / ".join(f"{mine[f'inside_{band}'].mean():.2f}" for band in (50, 80, 95))
        print(f"{name}: CRPS of the log {mine['crps_log'].mean():.3f}, inside 50 / 80 / 95 %: {inside}")
    return 1 if left_out else 0


if __name__ == "__main__":
    raise SystemExit(main())
