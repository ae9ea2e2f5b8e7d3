"""Make the reference forecast: with all that is known, with the model alone, and from priors.

`make forecast-reference` runs the plan and the world without it three times
in the same futures, writes tables to ``results/reference``, and a page with figures to ``docs/model``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from ...engine.errors import InputError, TransferError
from ...experiments.forecast import forecast
from ...experiments.forecasting.discrepancy import SERIES
from ...experiments.keeping.atomic_files import make_folder
from ...experiments.keeping.store import Store
from ...experiments.running.table_command import DEFAULT_FOLDER
from ...reports.commands.progress_bar import open_progress
from ...reports.figures.fans import draw_fan, draw_overview
from ...reports.figures.forecast import overview_fans, save_figure, target_fans
from ...reports.tables.experiment_folder import Results, read_results
from ...reports.words.phrases import LANGUAGES, title_of

PAGE: Final = "forecast.md"
FIGURES: Final = "figures"
YEARS: Final = range(2016, 2021)
TARGETS: Final = "forecast_targets"
SERIES_BY_YEAR: Final = "forecast_years"


class Variant(NamedTuple):
    """One of the forecasts that stand beside each other.

    Attributes
    ----------
    name : str
    belief, without : str
        As in `forecast`.
    what : str
        In words.
    """

    name: str
    belief: str
    without: str
    what: str


VARIANTS: Final = (
    Variant(
        "forecast",
        "posterior",
        "",
        "fitted parameters, the last residual carried on, discrepancy and observation error added",
    ),
    Variant(
        "model alone",
        "posterior",
        "discrepancy,observation,carry",
        "fitted parameters, simulations as they are",
    ),
    Variant("priors", "prior", "", "all parameters from their priors, whose centres the first fit moved"),
)


def tables(done: Mapping[str, Results]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put the forecasts beside each other.

    Returns
    -------
    targets : DataFrame
        ``forecast`` and the columns of ``targets.csv``.
    years : DataFrame
        ``forecast`` and the columns of ``indicators.csv``, for value and number of contracts sold and
        bought, from 2016.
    """
    targets = pd.concat([one.targets.assign(forecast=name) for name, one in done.items()], ignore_index=True)
    years = pd.concat([one.indicators.assign(forecast=name) for name, one in done.items()], ignore_index=True)
    years = years[years["indicator"].isin(SERIES) & years["year"].isin(list(YEARS))]
    return _first(targets), _first(years)


def _first(table: pd.DataFrame) -> pd.DataFrame:
    order = ["forecast", *[name for name in table.columns if name != "forecast"]]
    numbers = [name for name in table.columns if name.startswith(("q", "mean"))]
    rounded = {name: [float(f"{x:.6g}") for x in table[name]] for name in numbers}
    return table.assign(**rounded)[order].reset_index(drop=True)


def page(
    targets: pd.DataFrame, years: pd.DataFrame, done: Mapping[str, Results], province: str
) -> Iterator[str]:
    """Write the page that the reference forecast is read from.

    Yields
    ------
    str
        Lines of Markdown.
    """
    first = next(iter(done.values()))
    definitions = first.definitions
    yield "# The forecast for 2018 to 2020"
    yield ""
    yield (
        f"Written by `make forecast-reference` from `results/reference/{TARGETS}_{province}.csv` and "
        f"`{SERIES_BY_YEAR}_{province}.csv`: {first.runs} futures, scale {first.scale:g}, seed {first.seed}."
    )
    yield "[How to read it](../how_to/read_a_forecast.md)."
    yield ""
    yield "| forecast | what it is |"
    yield "|---|---|"
    yield from (f"| {one.name} | {one.what} |" for one in VARIANTS)
    yield ""
    yield "## The five targets"
    yield ""
    yield "| target | world | forecast | probability (95 % Monte Carlo) | 5 % | median | 95 % |"
    yield "|---|---|---|---|---|---|---|"
    for row in targets.sort_values(["target", "scenario"], kind="stable").to_dict("records"):
        title = title_of(definitions.targets[row["target"]], "en")
        chance = f"{row['probability']:.2f} ({row['probability_low']:.2f}-{row['probability_high']:.2f})"
        amounts = " | ".join(_amount(row[q]) for q in ("q05", "q50", "q95"))
        yield f"| {title} | {row['scenario']} | {row['forecast']} | {chance} | {amounts} |"
    yield ""
    yield "## Contracts by year"
    yield ""
    yield "With the plan. The table holds the world without it as well."
    yield ""
    yield "| series | forecast | year | 5 % | 25 % | median | 75 % | 95 % |"
    yield "|---|---|---|---|---|---|---|---|"
    plan = years[(years["scenario"] == next(iter(first.scenarios))) & (years["year"] > 2016)]
    for row in plan.sort_values(["indicator", "forecast", "year"], kind="stable").to_dict("records"):
        title = title_of(definitions.of(row["indicator"]), "en")
        cells = " | ".join(_amount(row[q]) for q in ("q05", "q25", "q50", "q75", "q95"))
        yield f"| {title} | {row['forecast']} | {row['year']} | {cells} |"
    yield ""
    yield f"![Contracts sold and bought, observed and forecast]({FIGURES}/forecast_overview_en.png)"
    yield ""
    yield f"![Turnover and its goal]({FIGURES}/forecast_contract_value_output_en.png)"
    yield ""
    yield "## What changed against the first fit, and why"
    yield ""
    yield from (f"- {line}" for line in changes(targets))


def _amount(value: float) -> str:
    return f"{value / 1e9:,.3g} billion" if value >= 1e8 else f"{value:,.0f}"


def changes(targets: pd.DataFrame) -> Iterator[str]:
    """Say in sentences how the forecasts differ, from their figures."""
    rows = targets[(targets["target"] == "contract_value_output") & (targets["scenario"] != "no_plan")]
    of = {row["forecast"]: row for row in rows.to_dict("records")}
    for name, why in (
        ("priors", "priors leave the level of 2017 open"),
        ("model alone", "the fit knows it"),
        (
            "forecast",
            "each future starts near the figure of 2017, by the residual that is carried on, and widens "
            "by what forecasts of the past missed",
        ),
    ):
        row = of[name]
        yield (
            f"Turnover of 2020, {name}: median {row['q50'] / 1e9:.0f} billion, the 95 % point "
            f"{row['q95'] / row['q05']:.2f} times the 5 % point: {why}."
        )
    yield (
        "Number and value of contracts elsewhere drift by 0.06 and 0.04 a year in all three, instead of 0.03 "
        "at the first fit, whose bands had missed their own past ([predictions](predictions.md))."
    )
    yield "People, institutions, platforms and fund have no yearly series: the posterior alone changes them."


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the three forecasts; 0 done, 1 failed, 2 refused input."""
    parser = argparse.ArgumentParser(
        prog="python -m shaanxi_transfer.studies.reference_pages.forecast_page", description=__doc__
    )
    parser.add_argument("--province", default="shaanxi")
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--runs-below", type=Path, default=Path("results"), help="folder of the runs")
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="folder of the tables")
    parser.add_argument("--docs", type=Path, default=Path("docs") / "model", help="folder of the page")
    given = parser.parse_args(arguments)
    try:
        make_folder(given.out)
        make_folder(given.docs / FIGURES)
        done = {one.name: _forecast(one, given) for one in VARIANTS}
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except TransferError as error:
        print(error, file=sys.stderr)
        return 1
    targets, years = tables(done)
    store = Store(given.out)
    store.write_csv(f"{TARGETS}_{given.province}.csv", targets)
    store.write_csv(f"{SERIES_BY_YEAR}_{given.province}.csv", years)
    for language in LANGUAGES:
        best = done[VARIANTS[0].name]
        figures = {
            "overview": draw_overview(overview_fans(best, language), language),
            **{name: draw_fan(fan, language) for name, fan in target_fans(best, language).items()},
        }
        for name, figure in figures.items():
            file = given.docs / FIGURES / f"forecast_{name}_{language}.png"
            save_figure(figure, file, dots_per_inch=75)
    lines = "\n".join(page(targets, years, done, given.province)) + "\n"
    (given.docs / PAGE).write_text(lines, encoding="utf-8", newline="\n")
    print(f"{given.out}: {TARGETS}, {SERIES_BY_YEAR}; {given.docs / PAGE}")
    return 1 if any(one.failed for one in done.values()) else 0


def _forecast(variant: Variant, given: argparse.Namespace) -> Results:
    """Make one forecast, or complete it."""
    with open_progress() as progress:
        made = forecast(
            "action_plan",
            against="no_plan",
            province=given.province,
            runs=given.runs,
            scale=given.scale,
            seed=given.seed,
            belief=variant.belief,
            without=variant.without,
            workers=given.workers,
            out=given.runs_below / f"forecast_{given.province}_{variant.name.replace(' ', '_')}",
            progress=progress,
        )
    return read_results(made.folder)


if __name__ == "__main__":
    raise SystemExit(main())
