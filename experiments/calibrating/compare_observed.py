"""Hold simulated years against observed ones, figure by figure: what fits, and what does not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..planning.definitions import LAST_YEAR

COLUMNS: Final = (
    "indicator", "year", "unit", "use", "observed", "q05", "median", "q95", "ratio", "ln_distance",
    "observed_inside_q05_q95", "band", "band_met", "futures", "scale", "seed", "note",
)  # fmt: skip
"""Columns of the reference table. Empty cells of a row mean that nothing simulated answers to it.

``ratio`` is median over observed, ``ln_distance`` its logarithm, ``band`` the largest
distance of the ratio from 1 that is asked for (a fraction), ``use`` says whether the
figure may be fitted or only checks.
"""

_YEARS_2012_2017: Final = range(2012, 2018)
BANDS: Final[Mapping[tuple[str, int], float]] = {
    **{("contract_value_output", year): 0.25 for year in _YEARS_2012_2017},
    **{("contract_count_output", year): 0.35 for year in _YEARS_2012_2017},
    # inflow of 2013 is an outlier of the statistics: inflow over output 0.68, else 0.41 to 0.58
    **{("contract_value_inflow", year): 0.35 for year in _YEARS_2012_2017 if year != 2013},
    **{("contract_count_inflow", year): 0.35 for year in _YEARS_2012_2017},
    ("guidance_fund_committed", 2016): 0.40,
    ("high_tech_enterprises", 2016): 0.30,
    ("high_tech_enterprises", 2017): 0.30,
}
"""How near the first fit has to come, as a fraction of the observed value."""

_NOT_SIMULATED: Final = "not simulated"

Numbers = npt.NDArray[np.float64]
Years = pd.DataFrame


class Derived(NamedTuple):
    """How a figure follows from indicators of the model, which are named so that runs may keep them alone."""

    indicators: tuple[str, ...]
    of: Callable[[Years], pd.Series[float]]


def _over(numerator: str, denominator: str) -> Derived:
    return Derived((numerator, denominator), lambda wide: wide[numerator] / wide[denominator])


def _same_as(indicator: str) -> Derived:
    return Derived((indicator,), lambda wide: wide[indicator])


def _sum_since(indicator: str, year: int) -> Derived:
    def total(wide: Years) -> pd.Series[float]:
        since = wide[wide.index.get_level_values("year") >= year]
        return since[indicator].groupby("future").cumsum()

    return Derived((indicator,), total)


_OBSERVED_RATIOS: Final = {
    "contract_mean_value_output": ("contract_value_output", "contract_count_output", "yuan"),
    "contract_mean_value_inflow": ("contract_value_inflow", "contract_count_inflow", "yuan"),
    "inflow_over_output": ("contract_value_inflow", "contract_value_output", "multiple"),
}

DERIVED: Final[Mapping[str, Derived]] = {
    "contract_value_output_enterprise_share": _over(
        "contract_value_output_enterprise", "contract_value_output"
    ),
    "guidance_fund_leverage": _over("guidance_fund_committed", "guidance_fund_government"),
    "loans_new_cumulative_since_2011": _sum_since("loans_new", 2011),
    # Before the plan the programme serves the capital alone.
    "loans_new.xian": _same_as("loans_new"),
    "loans_new_cumulative_since_2011.xian": _sum_since("loans_new", 2011),
    "loan_firms_cumulative_since_2011.xian": _same_as("loans_firms"),
    "university_commission_and_transfer_income": _same_as("contract_value_signed_university"),
    "rd_share.xian": _over("rd_expenditure.xian", "rd_expenditure"),
    # Of contracts entered in the registry, as the turnover of the city in the same source.
    "contract_local_share.xian": _over("contract_value_within_city.xian", "contract_value_output.xian"),
    # A bound: the income's definition is wider than contracts that were registered.
    "high_tech_enterprises_technical_income": _same_as("high_tech_contract_value_output"),
    "contract_value_share_above_10m": _over("contract_value_major", "contract_value_output"),
    "contract_count_share_above_10m": _over("contract_count_major", "contract_count_output"),
    **{name: _over(above, below) for name, (above, below, _) in _OBSERVED_RATIOS.items()},
}
"""Observed figures that are no indicator of the model themselves but follow from its indicators."""


def indicators_behind(figures: Iterable[str]) -> list[str]:
    """Name the indicators from which observed figures are read or derived, each once."""
    named = [DERIVED[name].indicators if name in DERIVED else (name,) for name in figures]
    return list(dict.fromkeys(one for names in named for one in names))


def with_ratios(observed: pd.DataFrame) -> pd.DataFrame:
    """Add what follows from a pack's observed figures: mean contracts, and inflow over output."""
    wide = observed.pivot(index="year", columns="indicator", values="value")
    added = [
        (name, year, float(value), unit, "check", f"{above} over {below}")
        for name, (above, below, unit) in _OBSERVED_RATIOS.items()
        if {above, below} <= set(wide.columns)
        for year, value in (wide[above] / wide[below]).dropna().items()
    ]
    columns = ["indicator", "year", "value", "unit", "use", "note"]
    return pd.concat([observed[columns], pd.DataFrame(added, columns=columns)], ignore_index=True)


def simulated_values(years: pd.DataFrame, wanted: Sequence[str]) -> pd.DataFrame:
    """Give the wanted figures from a scenario's `target_and_indicator_tables.yearly`; see `figures_of`."""
    return figures_of(
        years.pivot(index=["future", "year"], columns="indicator", values="value").sort_index(), wanted
    )


def figures_of(wide: pd.DataFrame, wanted: Sequence[str]) -> pd.DataFrame:
    """Give the wanted observed figures to which the model answers, derived ones computed future by future.

    ``wide`` has the index (future, year) in rising order, kept in what is given, and one column an indicator.
    """
    found: dict[str, pd.Series[float]] = {}
    for name in wanted:
        if name in wide.columns:
            found[name] = wide[name]
        elif name in DERIVED:
            try:
                found[name] = DERIVED[name].of(wide)
            except KeyError:
                continue  # something it is derived from is not modelled
    return pd.DataFrame(found, index=wide.index)


def comparison(
    observed: pd.DataFrame, years: pd.DataFrame, *, scale: float, seed: int, last_year: int = LAST_YEAR
) -> pd.DataFrame:
    """Make the reference table: each observed figure of a pack beside the futures' quantiles.

    ``years`` are one scenario's rows of `target_and_indicator_tables.yearly`; scale and seed say how the runs
    were made. Figures after ``last_year`` are left out: they are structure of a later vintage. A figure that
    the model does not answer to keeps its row.
    """
    figures = with_ratios(observed)
    figures = figures[figures["year"] <= last_year]
    simulated = simulated_values(years, list(figures["indicator"].unique()))
    rows = []
    for figure in figures.sort_values(["indicator", "year"]).to_dict("records"):
        name, year, value = str(figure["indicator"]), int(figure["year"]), float(figure["value"])
        head = (name, year, figure["unit"], figure["use"], value)
        note = "" if figure["note"] in ("-", None) or pd.isna(figure["note"]) else str(figure["note"])
        sample = _sample(simulated, name, year)
        if len(sample):
            rows.append((*head, *_distance(name, year, value, sample), len(sample), scale, seed, note))
        else:
            remark = "; ".join(text for text in (_NOT_SIMULATED, note) if text)
            rows.append((*head, *[None] * 6, BANDS.get((name, year)), "", 0, scale, seed, remark))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _sample(simulated: pd.DataFrame, name: str, year: int) -> Numbers:
    """One value for each future in which the figure exists; a ratio over nothing does not."""
    if name not in simulated.columns:
        return np.empty(0)
    values = simulated.loc[simulated.index.get_level_values("year") == year, name].to_numpy(np.float64)
    finite: Numbers = values[np.isfinite(values)]
    return finite


def _distance(name: str, year: int, observed: float, sample: Numbers) -> tuple[object, ...]:
    low, median, high = (six_digits(float(quantile)) for quantile in np.quantile(sample, [0.05, 0.5, 0.95]))
    ratio = median / observed if observed else math.nan
    distance = math.log(ratio) if ratio > 0 else math.nan
    band = BANDS.get((name, year))
    met = "" if band is None else _yes_or_no(abs(ratio - 1.0) <= band)
    inside = _yes_or_no(low <= six_digits(observed) <= high)
    return (low, median, high, round(ratio, 4), round(distance, 4), inside, band, met)


def _yes_or_no(fact: bool) -> str:
    return "yes" if fact else "no"


def six_digits(value: float) -> float:
    """Round to six digits: enough to judge by, few enough to be the same on every platform."""
    return float(f"{value:.6g}")
