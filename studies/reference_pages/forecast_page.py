"""Make the reference forecast: with all that is known, with the model alone, and from priors.

`make forecast-reference` runs the plan as written and as managed, and the world without it, three times
in the same futures, writes tables to ``results/reference``, and a page with figures to ``docs/model``, whose
words are in `forecast.md.j2`.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import pandas as pd

from ...experiments.forecast import forecast
from ...experiments.forecasting.discrepancy import SERIES
from ...experiments.keeping.atomic_files import write_text
from ...experiments.keeping.store import Store
from ...reports.commands.progress_bar import open_progress
from ...reports.figures.countings import draw_countings
from ...reports.figures.fans import draw_fan, draw_overview
from ...reports.figures.forecast import overview_fans, save_figure, target_fans
from ...reports.tables.experiment_folder import Results, model_definitions, read_results
from ...reports.tables.target_table import rows_of
from ...reports.words.phrases import LANGUAGES, say, title_of
from ..templates import page_of
from .reference_run import FIGURES, run_reference

PAGE: Final = "forecast.md"
YEARS: Final = range(2016, 2021)
TARGETS: Final = "forecast_targets"
SERIES_BY_YEAR: Final = "forecast_years"
ASKED: Final = "forecast_asked"
FILES: Final = tuple(f"{name}_shaanxi.csv" for name in (TARGETS, SERIES_BY_YEAR, ASKED))
PLAN: Final = "action_plan"
MANAGED: Final = "action_plan_managed"
NO_PLAN: Final = "no_plan"


class Variant(NamedTuple):
    """One of the forecasts that stand beside each other; belief and parts left out as in `forecast`."""

    name: str
    belief: str
    without: str


VARIANTS: Final = (
    Variant("forecast", "posterior", ""),
    Variant("model alone", "posterior", "discrepancy,observation,carry"),
    Variant("priors", "prior", ""),
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


def page(targets: pd.DataFrame, years: pd.DataFrame, asked: pd.DataFrame) -> str:
    """Make the page from `tables`, and a row of what was asked for: province, runs, scale and seed."""
    definitions = model_definitions()
    ways = {name: target.countings for name, target in definitions.targets.items()}
    is_first = targets["counting"] == targets["target"].map({name: next(iter(ways[name])) for name in ways})
    first = targets[is_first]
    turnover = first[(first["target"] == "contract_value_output") & (first["scenario"] == PLAN)]
    by_world = first.sort_values(["target", "scenario"], kind="stable")
    counted = targets[targets["forecast"] == VARIANTS[0].name]
    counted = counted.set_index(["target", "counting", "scenario"])
    by_way = [
        {
            "target": name,
            "counting": say(f"targets.counting_{way}", "en"),
            "unit": definitions.targets[name].unit,
            **{
                f"{column}_{world}": float(counted[column][name, way, world])
                for column in ("probability", "q50")
                for world in (PLAN, MANAGED, NO_PLAN)
            },
        }
        for name in ways
        for way in ways[name]
    ]
    with_plan = years[(years["scenario"] == PLAN) & (years["year"] > YEARS[0])]
    with_plan = with_plan.sort_values(["indicator", "forecast", "year"], kind="stable")
    return page_of(
        "reference_pages/forecast.md.j2",
        {
            "asked": asked.to_dict("records")[0],
            "table_of_targets": TARGETS,
            "table_of_years": SERIES_BY_YEAR,
            "figures": FIGURES,
            "forecasts": [one.name for one in VARIANTS],
            "title_of_target": {name: title_of(one, "en") for name, one in definitions.targets.items()},
            "title_of_series": {name: title_of(definitions.of(name), "en") for name in SERIES},
            "targets": by_world.to_dict("records"),
            "by_way": by_way,
            "years": with_plan.to_dict("records"),
            "turnover": {row["forecast"]: row for row in turnover.to_dict("records")},
        },
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the three forecasts; 0 done, 1 failed, 2 refused input."""
    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.reference_pages.forecast_page", description=__doc__
    )
    parser.add_argument("--province", default="shaanxi")
    parser.add_argument("--runs", type=int, default=500)
    return run_reference(parser, _write, arguments)


def _write(given: Namespace) -> int:
    """Make and write tables, figures and page."""
    done = {one.name: _forecast(one, given) for one in VARIANTS}
    targets, years = tables(done)
    store = Store(given.out)
    store.write_csv(f"{TARGETS}_{given.province}.csv", targets)
    store.write_csv(f"{SERIES_BY_YEAR}_{given.province}.csv", years)
    asked = pd.DataFrame([{name: getattr(given, name) for name in ("province", "runs", "scale", "seed")}])
    store.write_csv(f"{ASKED}_{given.province}.csv", asked)
    best = done[VARIANTS[0].name]
    for language in LANGUAGES:
        figures = {
            "overview": draw_overview(overview_fans(best, language), language),
            "countings": draw_countings(
                rows_of(best, language), best.titles(language), best.province, language
            ),
            **{name: draw_fan(fan, language) for name, fan in target_fans(best, language).items()},
        }
        for name, figure in figures.items():
            file = given.docs / FIGURES / f"forecast_{name}_{language}.png"
            save_figure(figure, file, dots_per_inch=75)
    write_text(given.docs / PAGE, page(targets, years, asked))
    print(f"{given.out}: {TARGETS}, {SERIES_BY_YEAR}; {given.docs / PAGE}")
    return 1 if any(one.failed for one in done.values()) else 0


def _forecast(variant: Variant, given: Namespace) -> Results:
    """Make one forecast, or complete it."""
    with open_progress() as progress:
        made = forecast(
            PLAN,
            against=NO_PLAN,
            also=MANAGED,
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
