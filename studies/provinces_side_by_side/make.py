"""Make the comparison of provinces: tables, figure and page.

``python -m shaanxi_transfer.studies.provinces_side_by_side.make`` puts the packs side by side, runs every
province from its priors up to the last observed year, counts its rows, and writes
``results/reference/provinces*.csv``, the figure and ``docs/model/provinces.md``. With ``--page``
it runs nothing: facts, figure and page are made again from the packs and the tables that are there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from ...experiments.keeping.atomic_files import make_folder, write_text
from ...experiments.keeping.store import Store
from ...experiments.planning import door_to_model
from ...experiments.planning.options import FuturesOptions
from ...experiments.running.table_command import add_options, errors_in_one_line, report_failures
from ...reports.figures.forecast import save_figure
from ...reports.figures.theme import Origin, sign
from ...reports.words.phrases import LANGUAGES
from ...scenarios import load_pack
from ..backtest_of_all_provinces.figures import names_of
from ..read_tables import read_table
from .facts import province_facts
from .figure import draw_provinces
from .figure_of_plans import FIGURE as PLAN
from .figure_of_plans import draw_plans
from .page import FIGURE, page
from .plans import FILE as PLANS
from .runs import scale_table, simulated_table

FACTS: Final = "provinces.csv"
SIMULATED: Final = "provinces_simulated.csv"
SCALES: Final = "provinces_scale.csv"
PAGE: Final = "provinces.md"
FIGURES: Final = "figures"


def write_page(tables: Path, docs: Path) -> None:
    """Write the table of facts, the figure and the page; the tables of runs are there already."""
    store = Store(tables)
    simulated, scales = (read_table(tables / name, "provinces") for name in (SIMULATED, SCALES))
    plans = read_table(tables / PLANS, "province-plans")
    store.write_csv(FACTS, province_facts())
    facts = store.read_csv(FACTS)
    head = load_pack(str(facts["province"].iloc[0])).manifest
    written_for, last_year = head.plan_written_for, head.last_year
    for language in LANGUAGES:
        shown = names_of(facts["province"].tolist(), language)
        for name, figure, table, command in (
            (FIGURE, draw_provinces(facts, simulated, written_for, language), simulated, "make provinces"),
            (PLAN, draw_plans(plans, shown, language), plans, "make province-plans"),
        ):
            futures = int(table["futures"].max())
            sign(figure, Origin(futures=futures, last_year=last_year, command=command), language)
            save_figure(figure, docs / FIGURES / f"{name}_{language}.png", dots_per_inch=75)
    write_text(docs / PAGE, page(facts, simulated, scales, plans, written_for))


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Make tables, figure and page; 0 done, 1 done with failed runs, 2 refused input."""
    parser = argparse.ArgumentParser(
        prog="python -m shaanxi_transfer.studies.provinces_side_by_side.make", description=__doc__
    )
    parser.add_argument("--runs", type=int, default=20, help="futures of each province")
    add_options(parser)
    parser.add_argument("--page", action="store_true", help="make no run: facts, figure and page alone")
    parser.add_argument("--docs", type=Path, default=Path("docs") / "model", help="folder of the page")
    given = parser.parse_args(arguments)
    FuturesOptions(runs=given.runs, scale=given.scale, seed=given.seed, workers=given.workers)
    make_folder(given.out)
    make_folder(given.docs / FIGURES)
    code = 0 if given.page else _write_runs(given)
    write_page(given.out, given.docs)
    print(f"{given.out}: provinces*.csv; {given.docs / PAGE}")
    return code


def _write_runs(given: argparse.Namespace) -> int:
    """Make the two tables that need runs; tell of provinces and runs that are missing."""
    names = door_to_model.provinces()
    simulated, refused, failures = simulated_table(
        names,
        door_to_model.model(),
        runs=given.runs,
        scale=given.scale,
        seed=given.seed,
        workers=given.workers,
    )
    for name, reason in refused.items():
        print(f"{name}: {reason}", file=sys.stderr)
    store = Store(given.out)
    store.write_csv(SIMULATED, pd.DataFrame(simulated))
    store.write_csv(SCALES, scale_table(names, scale=given.scale, seed=given.seed))
    return report_failures(failures)


if __name__ == "__main__":
    raise SystemExit(main())
