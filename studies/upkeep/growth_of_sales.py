"""Tell whether what a province sells grows with what near or alike provinces buy, beyond the nation.

``python -m shaanxi_transfer.studies.upkeep.growth_of_sales`` regresses the yearly log growth of contracts
sold, in the panel up to 2017, on the growth of what others buy, weighted by how near or how alike they are.
Each year has an effect, which takes out the nation, and the province's own purchases are held. A province's
sales are in its neighbours' purchases of the same year, so that growth of the year before is asked as well.
Intervals are of errors that are clustered by province; a placebo exchanges the places of provinces, which
leaves everything but who is near to whom. ``--funds FILE`` asks the same of guidance funds founded in three
years, counts in the panel's form. Decision 0049.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from ...experiments.running.table_command import errors_in_one_line
from ...scenarios.provinces.sources_read import NATION, Sources

__all__ = ["Slope", "alike", "growth_of", "near", "placebo_share", "slope", "weighted_growth"]

KILOMETRES: Final = (150.0, 300.0, 600.0)
"""Distances at which a buyer counts for 1/e: neighbours alone, and as far as from Xi'an to Chengdu."""

STRUCTURE: Final = ("rd_basic", "rd_applied", "rd_funded_by_government", "patents_granted_invention")
"""Over R&D: by these provinces are alike or not."""

EARTH: Final = 6371.0
YEARS: Final = range(2012, 2018)
"""Every year of both sides; 2010 is two years away."""

Numbers = npt.NDArray[np.float64]


class Slope(NamedTuple):
    """A coefficient, its 90 % interval, and the observations."""

    value: float
    low: float
    high: float
    rows: int


def growth_of(sources: Sources, indicator: str, provinces: Sequence[str]) -> pd.DataFrame:
    """Yearly log growth of a series, a row a year from 2013, a column a province; NaN where there is none."""
    none = {"value": "nan"}
    columns = {
        who: [float(sources.panel.get((who, indicator, year), none)["value"]) for year in YEARS]
        for who in provinces
    }
    table = pd.DataFrame(columns, index=list(YEARS))
    logs: pd.DataFrame = table.where(table > 0.0).apply(np.log)
    return logs.diff().iloc[1:]


def near(sources: Sources, provinces: Sequence[str], kilometres: float) -> Numbers:
    """Weights by distance of the capitals, ``exp(-km / kilometres)``, 0 on the diagonal."""
    at = [[float(sources.capital(who)[key]) for key in ("latitude", "longitude")] for who in provinces]
    north, east = np.radians(at)[:, :1], np.radians(at)[:, 1:]
    across = np.cos(north) * np.cos(north.T) * np.sin((east - east.T) / 2) ** 2
    half = np.sin((north - north.T) / 2) ** 2 + across
    weights = np.exp(-2.0 * EARTH * np.arcsin(np.sqrt(half)) / kilometres)
    np.fill_diagonal(weights, 0.0)
    return np.asarray(weights)


def alike(sources: Sources, provinces: Sequence[str]) -> Numbers:
    """Weights by likeness of research in 2012, ``exp(-d**2 / 2)`` of standardised logs, 0 on the diagonal."""
    first = YEARS[0]
    logs = np.array(
        [
            [
                np.log(float(sources.panel[who, name, first]["value"]))
                - np.log(float(sources.panel[who, "rd_expenditure", first]["value"]))
                for name in STRUCTURE
            ]
            for who in provinces
        ]
    )
    scaled = (logs - logs.mean(axis=0)) / logs.std(axis=0)
    apart = ((scaled[:, np.newaxis] - scaled[np.newaxis]) ** 2).mean(axis=2)
    weights = np.exp(-apart / 2.0)
    np.fill_diagonal(weights, 0.0)
    return np.asarray(weights)


def weighted_growth(growth: pd.DataFrame, size: Numbers, weights: Numbers) -> pd.DataFrame:
    """Mean growth of the others, weighted by what they buy and by ``weights`` (provinces, provinces)."""
    shares = weights * size
    found = growth.to_numpy() @ (shares / shares.sum(axis=1, keepdims=True)).T
    return pd.DataFrame(found, index=growth.index, columns=growth.columns)


def slope(sold: pd.DataFrame, of: pd.DataFrame, held: pd.DataFrame | None = None) -> Slope:
    """Regress growth of what is sold on ``of``, an effect for each year; errors clustered by province."""
    import statsmodels.api as sm

    columns = {"sold": sold, "of": of, **({} if held is None else {"held": held})}
    rows = pd.DataFrame({name: table.stack() for name, table in columns.items()}).dropna()
    year, who = (rows.index.get_level_values(level) for level in (0, 1))
    years = pd.get_dummies(year, dtype=float).set_axis(rows.index)
    fitted = sm.OLS(rows["sold"], pd.concat([rows.drop(columns="sold"), years], axis=1)).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(who)[0]}, use_t=True
    )
    low, high = fitted.conf_int(alpha=0.1).loc["of"]
    return Slope(float(fitted.params["of"]), float(low), float(high), len(rows))


def placebo_share(
    found: Slope, sold: pd.DataFrame, bought: pd.DataFrame, size: Numbers, weights: Numbers, draws: int
) -> float:
    """Share of exchanges of all places in which the slope is as far from zero as the one found."""
    generator = np.random.default_rng(49)
    beyond = 0
    for _ in range(draws):
        places = generator.permutation(len(weights))
        of = weighted_growth(bought, size, weights[np.ix_(places, places)])
        beyond += abs(slope(sold, of, bought).value) >= abs(found.value)
    return beyond / draws


def _funds(file: Path, provinces: Sequence[str], sources: Sources) -> pd.DataFrame:
    """ln(1 + funds founded in three years), a row a year from 2013."""
    if not file.is_file():
        raise InputError("is no file", key="--funds", file=file, allowed="a CSV in the panel's form")
    table = pd.read_csv(file)
    table = table[table["indicator"] == "guidance_funds_founded"]
    named = {sources.capital(who)["name_in_panel"]: who for who in provinces}
    counts = table.assign(province=table["province"].map(named)).pivot_table(
        index="year", columns="province", values="value", aggfunc="sum"
    )
    counts = counts.reindex(index=range(2009, 2018), columns=list(provinces)).fillna(0.0)
    logs: pd.DataFrame = counts.rolling(3).sum().apply(np.log1p)
    return logs.loc[list(YEARS)[:-1]].set_axis(list(YEARS)[1:])


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Print the slopes."""
    parser = ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--funds", type=Path, help="guidance funds founded, in the panel's form")
    parser.add_argument("--draws", type=int, default=200, help="exchanges of places")
    options = parser.parse_args(arguments)
    sources = Sources()
    provinces = [
        who for who in sources.provinces if who not in (NATION, "xizang")
    ]  # which has no sales before
    for kind in ("value", "count"):
        sold, bought = (
            growth_of(sources, f"contract_{kind}_{way}", provinces) for way in ("output", "inflow")
        )
        size = np.array(
            [float(sources.panel[who, f"contract_{kind}_inflow", YEARS[0]]["value"]) for who in provinces]
        )
        ways = {f"provinces within some {each:g} km": near(sources, provinces, each) for each in KILOMETRES}
        for called, weights in {**ways, "alike provinces": alike(sources, provinces)}.items():
            of = weighted_growth(bought, size, weights)
            found = slope(sold, of, bought)
            share = placebo_share(found, sold, bought, size, weights, options.draws)
            before = slope(sold, of.shift(1), bought)
            print(
                f"{kind} sold on {kind} that {called} buy: {_told(found)}, "
                f"beyond it {share:.2f} of exchanged places; of the year before {_told(before)}"
            )
        print(f"{kind} sold on what the province buys itself: {_told(slope(sold, bought))}")
        if options.funds:
            founded = _funds(options.funds, provinces, sources)
            print(f"{kind} sold on funds founded: {_told(slope(sold, founded))}")
    return 0


def _told(found: Slope) -> str:
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}] ({found.rows} rows)"


if __name__ == "__main__":
    raise SystemExit(main())
