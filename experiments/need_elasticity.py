"""How purchases of technology grow with a province's own R&D: the elasticities behind the number of needs.

``python -m shaanxi_transfer.experiments.need_elasticity`` regresses, over all provinces of the panel, the
growth of what is bought (number and value of contracts by buyer) on the growth of R&D in the same years,
and writes ``results/reference/need_elasticity.csv``. Nothing is simulated and nothing later than 2017 is
used; the rows that end in 2013 show what could be known at the first origin of the backtest.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..engine.errors import InputError
from .definitions import LAST_YEAR
from .driver_backtest import provinces_of
from .past_fits import robust_coefficients
from .store import Store
from .table_command import DEFAULT_FOLDER, make_folder

__all__ = ["COLUMNS", "FIRST_YEAR", "elasticity", "elasticity_table", "growths", "main"]

Numbers = npt.NDArray[np.float64]
Series = Mapping[int, float]

RESEARCH: Final = "rd_expenditure"
BOUGHT: Final = ("contract_count_inflow", "contract_value_inflow")

FIRST_YEAR: Final = 2010
"""First year from which growth is taken: contracts by buyer are known for 2010 and from 2012."""

SPANS: Final = (1, 3, 5)
"""Years over which growth is taken. Longer spans have fewer errors of single years in both variables."""

LAST_YEARS: Final = (2013, LAST_YEAR)
RESAMPLES: Final = 200

COLUMNS: Final = (
    "indicator",
    "span",
    "until",
    "years_apart",
    "points",
    "provinces",
    "elasticity",
    "low",
    "high",
)
"""Columns of the table. ``years_apart``: whether each year has a level of its own, so that what is common
to all provinces does not count; ``low`` and ``high``: 5 and 95 % of resamples of whole provinces."""


def growths(
    bought: Mapping[str, Series], research: Mapping[str, Series], span: int, until: int
) -> pd.DataFrame:
    """Pair the growth of purchases with that of R&D.

    Parameters
    ----------
    bought, research : mapping of str to mapping of int to float
        By province and year, in levels.
    span : int
        Years.
    until : int
        Last year that may be looked at.

    Returns
    -------
    DataFrame
        Columns province, year (the first), bought, research (growth of the logarithms).
    """
    rows = []
    for province, mine in bought.items():
        theirs = research.get(province, {})
        for year in range(FIRST_YEAR, until - span + 1):
            both = [mine.get(year), mine.get(year + span), theirs.get(year), theirs.get(year + span)]
            known = [figure for figure in both if figure is not None and figure > 0.0]
            if len(known) == len(both):
                logs = np.log(known)
                rows.append((province, year, logs[1] - logs[0], logs[3] - logs[2]))
    return pd.DataFrame(rows, columns=["province", "year", "bought", "research"])


def elasticity(pairs: pd.DataFrame, years_apart: bool) -> float:
    """Give the slope of purchases on R&D; single odd provinces do not move it much.

    Parameters
    ----------
    pairs : DataFrame
        From `growths`.
    years_apart : bool
        Whether each first year has a level of its own.
    """
    years = sorted(set(pairs["year"])) if years_apart else [None]
    columns = [pairs["research"].to_numpy(np.float64)]
    columns += [
        np.ones(len(pairs)) if year is None else (pairs["year"] == year).to_numpy(np.float64)
        for year in years
    ]
    return float(robust_coefficients(pairs["bought"].to_numpy(np.float64), np.column_stack(columns))[0])


def _resampled(pairs: pd.DataFrame, years_apart: bool, seed: int) -> Numbers:
    """Estimate again from provinces drawn with replacement: the growths of one province overlap."""
    rng = np.random.default_rng(seed)
    of_province = [mine for _, mine in pairs.groupby("province", sort=True)]
    found = []
    for _ in range(RESAMPLES):
        chosen = rng.integers(len(of_province), size=len(of_province))
        found.append(elasticity(pd.concat([of_province[i] for i in chosen], ignore_index=True), years_apart))
    return np.array(found)


def elasticity_table(seed: int = 1) -> pd.DataFrame:
    """Estimate the elasticities.

    Parameters
    ----------
    seed : int
        Of the resamples.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`.

    Raises
    ------
    InputError
        If statsmodels is not installed.
    """
    return pd.DataFrame(list(_rows(seed)), columns=list(COLUMNS)).round(3)


def _rows(seed: int) -> Iterator[tuple[object, ...]]:
    research = provinces_of(RESEARCH)
    for indicator in BOUGHT:
        bought = provinces_of(indicator)
        for until in LAST_YEARS:
            for span in SPANS:
                pairs = growths(bought, research, span, until)
                if pairs.empty:
                    continue
                for years_apart in (False, True)[: pairs["year"].nunique()]:
                    spread = np.quantile(_resampled(pairs, years_apart, seed), (0.05, 0.95))
                    counts = len(pairs), pairs["province"].nunique()
                    slope = elasticity(pairs, years_apart)
                    yield indicator, span, until, "yes" if years_apart else "no", *counts, slope, *spread


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; 0 done, 2 refused."""
    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.experiments.need_elasticity", description=__doc__
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="folder of the table")
    given = parser.parse_args(arguments)
    try:
        make_folder(given.out)
        table = elasticity_table(given.seed)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    Store(given.out).write_csv("need_elasticity.csv", table)
    print(table.to_string(index=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
