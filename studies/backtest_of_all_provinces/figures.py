"""The backtest across provinces as a dot plot: the model beside its rivals, province by province.

`make across` draws it from its tables, in both languages.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ...experiments.backtesting.rivals import EVERY_RIVAL
from ...experiments.planning import door_to_model
from ...experiments.running.table_command import DEFAULT_FOLDER, errors_in_one_line
from ...reports.figures.forecast import save_figure
from ...reports.figures.theme import QUIET_COLOUR, SCENARIO_COLOURS, Origin, figure_style, sign
from ...reports.words.phrases import LANGUAGES, Language, say
from ..read_tables import read_table
from .results import BY_PROVINCE, SCORES
from .tables import MODEL

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_provinces", "names_of", "write_figures"]

FIGURE: Final = "backtest_provinces"


def draw_provinces(
    provinces: pd.DataFrame, scores: pd.DataFrame, names: Mapping[str, str], language: Language
) -> Figure:
    """Draw a row a province, the one where the model does worst beside its rival at the top.

    The tables are `results.BY_PROVINCE` and `results.SCORES`; ``names`` are those to show.
    """
    rows = provinces.sort_values("model_less", ascending=False, ignore_index=True)
    of_rivals = scores[scores["forecaster"].isin(EVERY_RIVAL)]
    means = of_rivals.groupby(["province", "forecaster"])["crps_log"].mean().unstack()
    means = means.reindex(rows["province"])
    places = list(range(len(rows)))
    with figure_style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8.8, 1.8 + 0.24 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        axes.hlines(
            places,
            means.min(axis=1),
            means.max(axis=1),
            color="#CCCCCC",
            linewidth=2.5,
            label=say("study_backtest.span", language, count=means.shape[1]),
        )
        rival = str(rows["rival"].iloc[0])
        axes.plot(
            rows["crps_rival"],
            places,
            "D",
            color=SCENARIO_COLOURS[1],
            markerfacecolor="white",
            markersize=5.5,
            label=say("study_backtest.rival", language, rival=say(f"study_backtest.rival_{rival}", language)),
        )
        axes.plot(
            rows["crps_log"],
            places,
            "o",
            color=SCENARIO_COLOURS[0],
            markersize=6,
            label=say("study_backtest.model", language),
        )
        axes.set_yticks(places, [names.get(name, name) for name in rows["province"]], fontsize=9)
        axes.invert_yaxis()
        axes.set_xlim(left=0.0)
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(say("study_backtest.axis", language), color=QUIET_COLOUR)
        origins = scores.loc[scores["forecaster"] == MODEL, "origin"]
        axes.set_title(say("study_backtest.title", language, first=origins.min(), last=origins.max()))
        figure.legend(loc="outside lower center", ncols=3, fontsize=9)
        figure.draw_without_rendering()
    return figure


def names_of(provinces: Sequence[str], language: Language) -> dict[str, str]:
    """Give the name of each province as it is shown: Chinese from its pack, English with capitals."""
    from ...scenarios import load_pack

    if language == "zh":
        known = door_to_model.provinces()
        return {name: load_pack(name).name_zh for name in provinces if name in known}
    return {name: name.replace("_", " ").replace("-", " ").title() for name in provinces}


def write_figures(tables: Path, folder: Path) -> list[Path]:
    """Draw the dot plot in both languages from the tables of `make across`."""
    frames = [read_table(tables / name, "across") for name in (BY_PROVINCE, SCORES)]
    written = []
    for language in LANGUAGES:
        shown = names_of([str(name) for name in frames[0]["province"]], language)
        origin = Origin(last_year=int(frames[1]["year"].max()), command="make across")
        figure = sign(draw_provinces(frames[0], frames[1], shown, language), origin, language)
        written.append(save_figure(figure, folder / f"{FIGURE}_{language}.png", dots_per_inch=90))
    return written


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the figures; 0 done, 2 refused."""
    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.backtest_of_all_provinces.figures", description=__doc__
    )
    parser.add_argument("--tables", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--out", type=Path, default=Path("docs") / "model" / "figures")
    given = parser.parse_args(arguments)
    for file in write_figures(given.tables, given.out):
        print(file)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
