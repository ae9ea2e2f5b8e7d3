"""Numbers of the page of the provinces; its words are in `page.md.j2`."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from ...experiments.effects.lever_effects import WHOLE
from ..templates import page_of
from .facts import COLUMNS, FIRST_YEAR
from .figure_of_plans import FIGURE as FIGURE_OF_PLANS
from .figure_of_plans import TURNOVER
from .plans import TASKS_ALONE
from .runs import FACTOR, ROWS_WANTED

__all__ = ["FIGURE", "page"]

FIGURE: Final = "provinces"
TEMPLATE: Final = "provinces_side_by_side/page.md.j2"

_SPREAD: Final = (
    *("share_of_nation_sold", "value_sold_over_rd", "mean_value_sold"),
    *("bought_over_sold", "growth_value_sold"),
)
"""Columns of which the page tells the least, the median and the most."""


def page(
    facts: pd.DataFrame,
    simulated: pd.DataFrame,
    scales: pd.DataFrame,
    plans: pd.DataFrame,
    written_for: str,
) -> str:
    """Make the page from the four tables, of which `make` says the files."""
    return page_of(
        TEMPLATE,
        {
            "pack": written_for,
            "name": written_for.title(),
            "chinese": str(facts.set_index("province").loc[written_for, "province_zh"]),
            "figure": FIGURE,
            "columns": COLUMNS,
            **_differences(facts),
            **_sizes(facts, simulated, written_for),
            "plan": _plans(plans, written_for),
            **_limits(facts, simulated),
            **_scales(scales),
        },
    )


def _differences(facts: pd.DataFrame) -> dict[str, Any]:
    """Tell the least, the median and the most of what differs, and how many packs are whole."""
    table = facts.set_index("province")
    spread = {}
    for column in _SPREAD:
        values = table[column].dropna().sort_values()
        spread[column] = {
            "least": values.iloc[0],
            "least_in": values.index[0],
            "median": values.median(),
            "most": values.iloc[-1],
            "most_in": values.index[-1],
        }
    return {
        "first_year": FIRST_YEAR,
        "spread": spread,
        "packs": len(table),
        "whole": int((table["series"] == table["series_whole"]).sum()),
        "scaled": int((table["parameters_scaled"] > 0).sum()),
        "fitted": int((table["posterior"] == "yes").sum()),
    }


def _sizes(facts: pd.DataFrame, simulated: pd.DataFrame, written_for: str) -> dict[str, Any]:
    """Tell which provinces come out of the unfitted model in another size than observed."""
    outside = simulated[simulated["within_factor_3"] == "no"]
    count = simulated["province"].nunique()
    bought = facts.set_index("province")["bought_over_sold"]
    short = outside[(outside["indicator"] == "contract_value_inflow") & (outside["ratio"] < 1.0)]
    of_short = bought[short["province"]]
    too_many = (outside["indicator"] == "contract_count_output") & (outside["ratio"] > 1.0)
    return {
        "run": simulated.iloc[0].to_dict(),
        "factor": FACTOR,
        "simulated": count,
        "inside": count - outside["province"].nunique(),
        "outside": outside.to_dict("records"),
        "too_many": bool(too_many.any()),
        "short": [of_short.min(), of_short.max()] if len(short) else [],
        "own_producers": simulated.loc[simulated["province"] == written_for, "producers_share"].iloc[0],
        "own_bought": bought[written_for],
    }


def _plans(plans: pd.DataFrame, written_for: str) -> dict[str, Any]:
    """Tell what the plan and some of its tasks would move."""
    turnover = plans[plans["indicator"] == TURNOVER]
    whole = turnover[turnover["scenario"] == WHOLE].sort_values("level_q50", ascending=False)
    gain = (whole["q50"] / whole["net_cost_q50"]).set_axis(whole["province"])
    alone = turnover.set_index(["scenario", "province"])
    return {
        "figure": FIGURE_OF_PLANS,
        "tasks": TASKS_ALONE,
        "rows": [
            {**row, "alone": [alone.loc[(f"only_{task}", row["province"])] for task in TASKS_ALONE]}
            for row in whole.to_dict("records")
        ],
        "futures": whole["futures"].max(),
        "year": whole["year"].iloc[0],
        "visible": int(whole["visible"].sum()),
        "least_relative": whole["relative_q50"].min(),
        "most_relative": whole["relative_q50"].max(),
        "rank_correlation": whole["relative_q50"].rank().corr(whole["level_q50"].rank()),
        "least_gain": gain.min(),
        "least_gain_in": gain.idxmin(),
        "most_gain": gain.max(),
        "most_gain_in": gain.idxmax(),
        "own_gain": gain[written_for],
    }


def _limits(facts: pd.DataFrame, simulated: pd.DataFrame) -> dict[str, Any]:
    """Name the provinces that cannot be run, cannot be fitted, or hang on luck."""
    limits = facts["limits"].fillna("")
    there = facts["province"].isin(simulated["province"])
    return {
        "no_run": list(facts.loc[~there, "province"]),
        "no_fit": list(facts.loc[limits.str.contains("no_fit"), "province"]),
        "lucky": facts[limits.str.contains("luck")].sort_values("contracts_sold").to_dict("records"),
    }


def _scales(scales: pd.DataFrame) -> dict[str, Any]:
    """Tell at which scale provinces have as many rows as a fit wants."""
    return {
        "rows_wanted": ROWS_WANTED,
        "scale": scales["scale"].iloc[0],
        "few_rows": int((scales["rows_at_scale"] < ROWS_WANTED / 2).sum()),
        "many_rows": int((scales["rows_there"] > 2 * ROWS_WANTED).sum()),
        "scales": scales.sort_values("firms", ascending=False).to_dict("records"),
    }
