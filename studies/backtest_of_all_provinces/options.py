"""Options of the fits and forecasts at origins, which `run` makes; `left_out` and `structure_alone` go on."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ...experiments.backtesting.rivals_half import ORIGINS, check_origins
from ...experiments.fitting_provinces.province_beliefs import SHARED_FROM
from ...experiments.fitting_provinces.settings import Settings
from ...experiments.planning.options import FuturesOptions
from ...experiments.running.table_command import DEFAULT_FOLDER

__all__ = ["options_of_fits", "settings_of_fits"]


def options_of_fits() -> ArgumentParser:
    """Give the options that say which fits and forecasts are meant, and where they lie, as a parent."""
    shared = ArgumentParser(add_help=False)
    shared.add_argument("--origins", default=",".join(map(str, ORIGINS)), help="years separated by commas")
    pieces = shared.add_mutually_exclusive_group()
    pieces.add_argument("--runs-only", action="store_true", help="keep the runs of these origins, no tables")
    pieces.add_argument("--no-runs", action="store_true", help="refuse to put together what is not all there")
    shared.add_argument("--runs", type=int, default=80, help="futures from each origin")
    shared.add_argument("--members", type=int, default=50, help="runs of a bank of the fits")
    shared.add_argument("--banks", type=int, default=2, help="banks of each fit")
    shared.add_argument("--shared", type=Path, help=f"folder of `backtest` of {SHARED_FROM}, for behaviour")
    shared.add_argument("--seed", type=int, default=1)
    shared.add_argument("--workers", type=int, default=None)
    shared.add_argument("--out", type=Path, default=Path("results") / "across", help="runs and posteriors")
    shared.add_argument("--tables", type=Path, default=DEFAULT_FOLDER, help="folder of the tables")
    return shared


def settings_of_fits(given: Namespace) -> Settings:
    """Give the settings of fits at origins that lie in a folder, from options of `options_of_fits`.

    Raises
    ------
    InputError
        If an origin or a size is refused.
    """
    FuturesOptions(runs=given.runs, scale=0.1, seed=given.seed, workers=given.workers)
    return Settings(
        check_origins(given.origins),
        given.members,
        banks=given.banks,
        runs=given.runs,
        seed=given.seed,
        shared=given.shared,
        all_years=False,
    )
