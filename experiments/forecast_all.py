"""Forecast all packs of a folder, and let them follow the nation together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..engine.errors import TransferError
from ..model.state.national_growth import growth_of_nation
from ..scenarios import load_pack
from ..scenarios.provinces.posterior import HEAD_FILE as POSTERIOR
from .backtesting.level_of_forecast import mapped_world
from .backtesting.reconcile import reconcile
from .forecast import forecast_of, worlds_of
from .forecasting.discrepancy import SERIES
from .forecasting.predictive import series_behind
from .forecasting.target_and_indicator_tables import yearly_of_parts
from .keeping.parquet_parts import read_part
from .keeping.store import INDICATORS, PREDICTIVE, TARGETS, Store
from .planning import door_to_model
from .planning.checks import packs_in
from .planning.plan_of_runs import future_seed

if TYPE_CHECKING:
    from ..scenarios import Pack, Scenario
    from .forecasting.options import ForecastOptions

__all__ = ["SHIFTS", "ForecastOfAll", "forecast_all", "shifts_of", "with_shifts"]

Numbers = npt.NDArray[np.float64]

SHIFTS: Final = "shifts.csv"
LEAST_PART: Final = 0.75
"""Part of the nation's figure that provinces must have at the eve together, so that their sum says what the
nation's does: all 31 have 0.91 to 0.96 of what is sold, 0.78 to 0.88 of what is bought."""

_LEVELS: Final = ("q05", "q10", "q25", "q50", "q75", "q90", "q95", "mean")


class ForecastOfAll(NamedTuple):
    """What was forecast of the packs of a folder.

    Attributes
    ----------
    folder : Path
        With a folder for each province, and the three tables.
    provinces : list of str
        That were forecast.
    targets, indicators, shifts : DataFrame
        As of one forecast, all provinces one below the other, series of contracts shifted; the shift of the
        logarithm by series and year, and the ends of the gap that remains in 90 % of the draws.
    refused : dict of str to TransferError
        Provinces that could not be forecast, with the reason.
    failed : int
        Runs that failed.
    """

    folder: Path
    provinces: list[str]
    targets: pd.DataFrame
    indicators: pd.DataFrame
    shifts: pd.DataFrame
    refused: dict[str, TransferError]
    failed: int


def forecast_all(
    packs: Path,
    options: ForecastOptions,
    done: Callable[[str], None] = lambda province: None,
    provinces: Sequence[str] = (),
) -> ForecastOfAll:
    """Forecast each pack of a folder as a forecast of its own, and put their tables together.

    Where the provinces together are most of the nation, the series of contracts are reconciled: one shift of
    the logarithm for each series and year, so that their sum follows the national forecast (decision 0050).
    Chances of targets stay those of each province alone.

    Parameters
    ----------
    packs : Path
        Folder of packs.
    options : ForecastOptions
        As for one province; ``out`` gets a folder for each. A ``belief`` may be a folder with one for each.
    done : callable, optional
        Called with the name of each province that is forecast.
    provinces : sequence of str, optional
        Names of packs; all of the folder by default.

    Raises
    ------
    InputError
        If the folder holds no pack, or not one could be forecast.
    """
    out = options.out or Path("results") / f"forecast_of_{packs.resolve().name}"
    refused: dict[str, TransferError] = {}
    tables: dict[str, list[pd.DataFrame]] = {TARGETS: [], INDICATORS: []}
    drawn: dict[str, tuple[Pack, pd.DataFrame]] = {}
    failed = 0
    there = packs_in(packs)
    for name, folder in ((name, there[name]) for name in provinces or there):
        asked = options.but(province=str(folder), out=out / name, belief=_belief(options.belief, name))
        try:
            made = forecast_of(asked)
        except TransferError as error:
            refused[name] = error
            continue
        failed += made.failed
        for table in tables:
            tables[table].append(pd.read_csv(made.folder / table))
        drawn[name] = (load_pack(folder), _of_judged(made.folder, worlds_of(asked)))
        done(name)
    if not drawn:
        raise next(iter(refused.values()))
    shifts = shifts_of(drawn, options.seed)
    indicators = with_shifts(pd.concat(tables[INDICATORS], ignore_index=True), shifts)
    targets = pd.concat(tables[TARGETS], ignore_index=True)
    store = Store(out)
    for file, written in ((TARGETS, targets), (INDICATORS, indicators), (SHIFTS, shifts)):
        store.write_csv(file, written)
    return ForecastOfAll(out, list(drawn), targets, indicators, shifts, refused, failed)


def _belief(belief: str | None, province: str) -> str | None:
    """Find the belief of a province in a folder with one for each; one that has none is drawn from priors."""
    if belief is None or not Path(belief).is_dir() or (Path(belief) / POSTERIOR).is_file():
        return belief
    mine = Path(belief) / province
    return str(mine) if (mine / POSTERIOR).is_file() else "prior"


def _of_judged(folder: Path, worlds: Mapping[str, Scenario]) -> pd.DataFrame:
    """Give the predicted years of the series of contracts, in the scenario that is expected to come true."""
    parts = [read_part(part).to_pandas() for part in Store(folder).parts(PREDICTIVE)]
    judged = mapped_world(worlds)
    mine = [part[(part["scenario"] == judged) & part["indicator"].isin(SERIES)] for part in parts]
    return yearly_of_parts(mine, door_to_model.model().definitions)


def shifts_of(drawn: Mapping[str, tuple[Pack, pd.DataFrame]], seed: int) -> pd.DataFrame:
    """Find the shift of each series and year with which the provinces follow the nation.

    Parameters
    ----------
    drawn : mapping of str to (Pack, DataFrame)
        By province: its pack, and ``future``, ``indicator``, ``year``, ``value`` of what is predicted.
    seed : int
        Of the forecasts.

    Returns
    -------
    DataFrame
        ``indicator``, ``year``, ``shift`` (of the logarithm), ``gap_low``, ``gap_high``; no row of a series
        of which the provinces have less than `LEAST_PART` of the nation at the eve.
    """
    rows = []
    packs = {name: pack for name, (pack, _) in drawn.items()}
    first = next(iter(packs.values()))
    until = first.years.last
    for series in SERIES:
        known = {name: pack.series_of(series).get(until, 0.0) for name, pack in packs.items()}
        nation = first.series_of(series, "china").get(until, 0.0)
        with_figure = [name for name, figure in known.items() if figure > 0.0]
        if len(with_figure) < 2 or sum(known.values()) < LEAST_PART * nation:
            continue
        wide = {name: _wide(drawn[name][1], series) for name in with_figure}
        years = [year for year in wide[with_figure[0]].columns.astype(int).tolist() if year > until]
        futures = wide[with_figure[0]].index
        grown = _growth(first, series, years, [future_seed(seed, int(future)) for future in futures])
        at_origin = np.log([known[name] for name in with_figure])
        for place, year in enumerate(years):
            joint = np.column_stack([wide[name].reindex(futures)[year].to_numpy() for name in with_figure])
            found = reconcile(np.log(joint), at_origin, grown[:, place])
            rows.append((series, year, found.shift, *found.ends))
    return pd.DataFrame(rows, columns=["indicator", "year", "shift", "gap_low", "gap_high"])


def _wide(years: pd.DataFrame, series: str) -> pd.DataFrame:
    """Give a series, a row a future and a column a year."""
    mine = years[years["indicator"] == series]
    return mine.pivot(index="future", columns="year", values="value")


def _growth(pack: Pack, series: str, years: list[int], seeds: list[int]) -> Numbers:
    """Give the nation's growth since the eve as the runs of the futures had it, shape (futures, years)."""
    path = "national_value" if series.startswith("contract_value") else "national_count"
    ahead = range(pack.years.last + 1, max(years, default=pack.years.last) + 2)
    rates = [growth_of_nation(pack, ahead, seed)[path] for seed in seeds]
    return np.array([np.cumsum([rate(year) for year in years]) for rate in rates])


def with_shifts(indicators: pd.DataFrame, shifts: pd.DataFrame) -> pd.DataFrame:
    """Shift the levels of a table of indicators; what belongs to a series of contracts has its shift.

    A shift is the same in all draws, so that quantiles and means move by its factor.
    """
    shifted = indicators.copy()
    columns = (shifts[name].tolist() for name in ("indicator", "year", "shift"))
    of = {(name, year): shift for name, year, shift in zip(*columns, strict=True)}
    factors = np.exp(
        [
            of.get((series_behind(str(name)) or "", int(year)), 0.0)
            for name, year in zip(indicators["indicator"], indicators["year"], strict=True)
        ]
    )
    for level in _LEVELS:
        shifted[level] = indicators[level] * factors
    return shifted
