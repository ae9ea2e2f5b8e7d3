"""The page of the provinces: what differs, what the unfitted model makes of it, what it cannot tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pandas as pd

from ...scenarios.provinces.names import in_both_languages
from ..templates import number_in_words
from .facts import COLUMNS, FIRST_YEAR
from .page_of_plans import plan_section
from .runs import FACTOR, ROWS_WANTED

__all__ = ["FIGURE", "page"]

FIGURE: Final = "provinces"

_WARNING: Final = (
    "**The plan was written for {place}.** Its levers, budgets and goals in another province are a "
    "thought experiment: no other province decided on them, the fund and the vouchers keep {name}'s size "
    "in yuan, and behaviour is {name}'s. Do not quote the result as a forecast of that province's policy.",
    "**行动方案是为{chinese}制定的。**在其他省份使用其政策工具、预算和目标只是思想实验：其他省份并未作此决定，"
    "引导基金和创新券仍是{chinese}的规模（元），行为参数也来自{chinese}。请勿将结果当作该省政策的预测引用。",
)

_WHY: Final = (
    "**Too many contracts.** Universities, institutes and military units sell at the rate of their R&D, "
    "as in {name}. Where a province sells little for its R&D, or few large contracts, their many small "
    "ones swell the count; *of producers* is their part of the simulated value ({own:.2f} in {name}).",
    "**Too little bought.** Imports are scaled by the number of contracts bought over that sold; their mean "
    "value by the root of what it is over that of a contract sold, for a single year's ratio is half luck. "
    "{name} buys {own_bought:.2f} times the value that it sells, the provinces of this table that come out "
    "short {short} times.",
)


def page(
    facts: pd.DataFrame,
    simulated: pd.DataFrame,
    scales: pd.DataFrame,
    plans: pd.DataFrame,
    written_for: str,
) -> Iterator[str]:
    """Write the page from the four tables.

    Parameters
    ----------
    facts, simulated, scales, plans : DataFrame
        ``provinces.csv``, ``provinces_simulated.csv``, ``provinces_scale.csv`` and ``provinces_plan.csv``.
    written_for : str
        The province for which the plan was written.

    Yields
    ------
    str
        Lines of Markdown.
    """
    chinese = str(facts.set_index("province").loc[written_for, "province_zh"])
    words = {
        "pack": written_for,
        "place": in_both_languages(written_for),
        "name": written_for.title(),
        "chinese": chinese,
    }
    yield "# Thirty-one provinces"
    yield ""
    yield "Written by `make provinces` from `results/reference/provinces*.csv`; packs: `scenarios/packs`."
    yield "[How to add or improve a province](../how_to/add_or_improve_a_province.md)."
    for warning in _WARNING:
        yield ""
        yield warning.format(**words)
    yield ""
    yield f"![Thirty-one provinces](figures/{FIGURE}_en.png)"
    yield ""
    yield f"[中文图](figures/{FIGURE}_zh.png)"
    yield ""
    yield from _differences(facts)
    yield ""
    yield from _sizes(facts, simulated, words)
    yield ""
    yield from plan_section(plans, words)
    yield ""
    yield from _limits(facts, simulated)
    yield ""
    yield from _scales(scales)
    yield ""
    yield "## Columns of `provinces.csv`"
    yield ""
    yield "| column | what |"
    yield "|---|---|"
    yield from (f"| `{name}` | {what} |" for name, what in COLUMNS.items())


def _differences(facts: pd.DataFrame) -> Iterator[str]:
    table = facts.set_index("province")
    yield "## What differs"
    yield ""
    for column, words in (
        ("share_of_nation_sold", "share of the nation's contract value sold"),
        ("value_sold_over_rd", "value sold over R&D"),
        ("mean_value_sold", "yuan in a contract sold"),
        ("bought_over_sold", "value bought over value sold"),
        ("growth_value_sold", f"growth of value sold a year, {FIRST_YEAR} to 2017"),
    ):
        values = table[column].dropna().sort_values()
        low, middle, high = values.index[0], values.median(), values.index[-1]
        yield (
            f"- {words}: {number_in_words(values.iloc[0])} ({low}) to {number_in_words(values.iloc[-1])} "
            f"({high}), half of the provinces below {number_in_words(middle)};"
        )
    whole = int((table["series"] == table["series_whole"]).sum())
    yield (
        f"- {whole} of {len(table)} packs have every year that the panel has of any province; "
        f"{int((table['parameters_scaled'] > 0).sum())} have parameters scaled from another province, "
        f"{int((table['posterior'] == 'yes').sum())} a fitted posterior."
    )


def _sizes(facts: pd.DataFrame, simulated: pd.DataFrame, words: Mapping[str, str]) -> Iterator[str]:
    first = simulated.iloc[0]
    outside = simulated[simulated["within_factor_3"] == "no"]
    count = simulated["province"].nunique()
    yield "## Is the unfitted model in the right size?"
    yield ""
    yield (
        f"Each province was run {first['futures']} times from its priors at scale {first['scale']:g} (seed "
        f"{first['seed']}) and held against {first['year']}. Median within a factor of {FACTOR:g} of the "
        f"observed, for value and count, sold and bought: {count - outside['province'].nunique()} of {count} "
        "provinces. The others:"
    )
    yield ""
    yield "| province | indicator | observed | simulated (5 % to 95 %) | ratio | of producers |"
    yield "|---|---|---|---|---|---|"
    for row in outside.to_dict("records"):
        names = ("observed", "median", "q05", "q95")
        observed, median, low, high = (number_in_words(row[name]) for name in names)
        yield (
            f"| {in_both_languages(row['province'])} | `{row['indicator']}` | {observed} | "
            f"{median} ({low} to {high}) | {row['ratio']:.2f} | {row['producers_share']:.2f} |"
        )
    table = facts.set_index("province")
    bought = table["bought_over_sold"]
    short = outside[(outside["indicator"] == "contract_value_inflow") & (outside["ratio"] < 1.0)]
    of_plan = words["pack"]
    least, most = bought[short["province"]].min(), bought[short["province"]].max()
    numbers = {
        "own": float(simulated.loc[simulated["province"] == of_plan, "producers_share"].iloc[0]),
        "own_bought": bought[of_plan],
        "short": f"{least:.1f}" if least == most else f"{least:.1f} to {most:.1f}",
    }
    too_many = (outside["indicator"] == "contract_count_output") & (outside["ratio"] > 1.0)
    for why, there in zip(_WHY, (too_many.any(), len(short) > 0), strict=True):
        if there:
            yield ""
            yield why.format(**words, **numbers)
    yield ""
    yield (
        "Both are what a fit of the province has to free (level of count, level of value, imports). Until "
        "then the packs of the provinces above say nothing about the level of that series."
    )


def _limits(facts: pd.DataFrame, simulated: pd.DataFrame) -> Iterator[str]:
    table = facts.set_index("province")
    limits = table["limits"].fillna("")
    yield "## What the data cannot carry"
    yield ""
    refused = [name for name in table.index if name not in set(simulated["province"])]
    for name in refused:
        see = f"see `shaanxi-transfer check --province {name}`"
        yield f"- {in_both_languages(name)}: no run can be made; {see}."
    for name in limits.index[limits.str.contains("no_fit")]:
        yield f"- {in_both_languages(name)}: too few years of contracts sold for a fit."
    lucky = table[limits.str.contains("luck")].sort_values("contracts_sold")
    named = ", ".join(
        f"{in_both_languages(str(name))} {count:,.0f}" for name, count in lucky["contracts_sold"].items()
    )
    yield (
        f"- So few contracts sold in 2017 that luck alone moves a year's value by a third or more (standard "
        f"deviation of ln, column `luck_of_a_year`): {named}. What a run says of them is prior plus noise."
    )


def _scales(scales: pd.DataFrame) -> Iterator[str]:
    first = scales.iloc[0]
    below = scales[scales["rows_at_scale"] < ROWS_WANTED / 2]
    stuck = scales[scales["rows_there"] > 2 * ROWS_WANTED]
    yield "## Which scale"
    yield ""
    yield (
        f"A fit was steady with about {ROWS_WANTED:,} rows of firms. `--scale` means the same everywhere: "
        f"the share of small and middle firms that has a row. At {first['scale']:g} {len(below)} provinces "
        f"have less than half of that; a larger scale costs them little, as contracts are never thinned. "
        f"{len(stuck)} provinces have more than twice as many rows at any scale, from their large firms "
        f"alone. Rows are counted at the end of 2017 with central parameters; seconds are of processor time "
        f"for 2010 to 2017, on one machine."
    )
    yield ""
    yield (
        f"| province | firms | rows at {first['scale']:g} | seconds | scale for about {ROWS_WANTED:,} rows | "
        "rows there | seconds there |"
    )
    yield "|---|---|---|---|---|---|---|"
    for row in scales.sort_values("firms", ascending=False).to_dict("records"):
        yield (
            f"| {in_both_languages(row['province'])} | {row['firms']:,} | {row['rows_at_scale']:,} | "
            f"{row['seconds_a_run']:.2f} | {row['scale_for_2000_rows']:g} | {row['rows_there']:,} | "
            f"{row['seconds_a_run_there']:.2f} |"
        )
