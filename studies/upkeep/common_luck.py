"""How much of the yearly luck of provinces is common to all of them, in the panel up to 2017.

``python -m shaanxi_transfer.studies.upkeep.common_luck`` prints, for R&D, public science spending and public
spending, the intraclass correlation by year of the yearly log growth of all provinces, each about its own
mean (one-way random effects, by its mean squares), with the 90 % interval of the F distribution; and the same
part of the misses of a drift that is carried on, as the model does it, which are about zero, not a mean.
``--panel FILE --indicator gdp`` measures another series of a file in the panel's form. The parameters
``common_luck_*`` were taken from it (decision 0039).
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from ...engine.errors import InputError, check_choice
from ...experiments.planning.definitions import LAST_YEAR
from ...experiments.running.table_command import errors_in_one_line
from ...scenarios.places import SOURCES_FOLDER
from ...scenarios.provinces.sources_read import NATION, PANEL_FILE

__all__ = ["Common", "common_part", "common_part_of_misses", "growth_by_year", "levels_by_year"]

SERIES: Final = ("rd_expenditure", "fiscal_science_technology", "fiscal_total")
"""What the own paths are made of, in the order of ``rd``, ``fiscal_science``, ``output``."""

FIRST: Final = 2010
"""From here on the panel has every year."""

WINDOW: Final = 4
"""Years whose mean growth is the drift: ``drift_window_years``."""

COVERAGE: Final = 0.9

Numbers = npt.NDArray[np.float64]


class Common(NamedTuple):
    """Part of a variance that all provinces share (fraction), its interval, the spread of the rest (ln)."""

    part: float
    low: float
    high: float
    rest: float


def levels_by_year(panel: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Give the logarithms of a series: a row a year from 2010 to 2017, a column a province with every year.

    Parameters
    ----------
    panel : DataFrame
        In the panel's form; values in the unit of the series, which falls out of growth.
    indicator : str
        Name of the series.

    Returns
    -------
    DataFrame
        Logarithms.

    Raises
    ------
    InputError
        If the panel has no such series, or too few provinces or years of it.
    """
    known = sorted(set(panel["indicator"]))
    check_choice(indicator, "--indicator", known, f"{indicator!r} is no series of the panel")
    rows = panel[
        (panel["indicator"] == indicator)
        & (panel["province"] != NATION)
        & panel["year"].between(FIRST, LAST_YEAR)
    ]
    table = rows.pivot(index="year", columns="province", values="value").dropna(axis="columns")
    if table.shape[0] < 3 or table.shape[1] < 2:
        raise InputError(
            f"{indicator!r} has {table.shape[1]} provinces with all of {table.shape[0]} years",
            key="--indicator",
            allowed=f"2 provinces or more, 3 years or more from {FIRST} to {LAST_YEAR}",
        )
    logs: pd.DataFrame = table.apply(np.log)
    return logs


def growth_by_year(panel: pd.DataFrame, indicator: str) -> Numbers:
    """Give the yearly log growth of a series.

    Parameters
    ----------
    panel, indicator
        As in `levels_by_year`.

    Returns
    -------
    ndarray of float64 of shape (years, provinces)
        ln a year.
    """
    return np.diff(levels_by_year(panel, indicator).to_numpy(dtype=np.float64), axis=0)


def common_part(growth: Numbers) -> Common:
    """Intraclass correlation by year of growth, each province about its own mean.

    Parameters
    ----------
    growth : ndarray of float64 of shape (years, provinces)
        Yearly log growth.

    Returns
    -------
    Common
        With the interval of the F distribution at `COVERAGE`; all of it is wide, since years are few.
    """
    years, provinces = growth.shape
    by_year = growth.mean(axis=1, keepdims=True)
    # Taking off the provinces' means costs the rest a degree of freedom for each of them.
    freedom = (years - 1, (years - 1) * (provinces - 1))
    between = provinces * ((by_year - by_year.mean()) ** 2).sum() / freedom[0]
    rest = growth - growth.mean(axis=0) - by_year + by_year.mean()
    within = (rest**2).sum() / freedom[1]
    ratio = between / within

    def part(of_ratio: float) -> float:
        return float((of_ratio - 1.0) / (of_ratio - 1.0 + provinces))

    tail = (1.0 - COVERAGE) / 2.0
    low, high = (part(ratio / stats.f.ppf(share, *freedom)) for share in (1.0 - tail, tail))
    return Common(part(ratio), low, high, float(np.sqrt(within)))


def common_part_of_misses(levels: pd.DataFrame) -> dict[tuple[int, int], float]:
    """Part in common of what a drift carried on missed, by origin and year; below 0 where chance says more.

    Parameters
    ----------
    levels : DataFrame
        As from `levels_by_year`.

    Returns
    -------
    dict of (int, int) to float
        Fraction, by the year that was last known and the year that was missed.
    """
    found = {}
    known = dict(zip(levels.index, levels.to_numpy(np.float64), strict=True))
    for origin in range(FIRST + WINDOW, LAST_YEAR):
        if not {origin - WINDOW, origin} <= set(known):
            continue
        drift = (known[origin] - known[origin - WINDOW]) / WINDOW
        for year in range(origin + 1, LAST_YEAR + 1):
            miss = known[year] - known[origin] - drift * (year - origin)
            own = miss.var(ddof=1)
            common = miss.mean() ** 2 - own / len(miss)
            found[origin, year] = float(common / (common + own))
    return found


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables."""
    parser = ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--panel", type=Path, default=SOURCES_FOLDER / PANEL_FILE)
    parser.add_argument("--indicator", action="append", help="a series of the panel; may be given again")
    options = parser.parse_args(arguments)
    if not options.panel.is_file():
        raise InputError("is no file", key="--panel", file=options.panel, allowed="a CSV in the panel's form")
    panel = pd.read_csv(options.panel)
    for indicator in options.indicator or SERIES:
        levels = levels_by_year(panel, indicator)
        growth = growth_by_year(panel, indicator)
        found = common_part(growth)
        print(
            f"{indicator}: {found.part:.2f} [{found.low:.2f}, {found.high:.2f}], "
            f"rest {found.rest:.3f} a year; {growth.shape[1]} provinces, {growth.shape[0]} years of growth"
        )
        for (origin, year), part in common_part_of_misses(levels).items():
            print(f"  misses of the drift from {origin} in {year}: {part:.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
