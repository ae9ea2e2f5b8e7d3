"""The page of the backtest across provinces: how good, how honest, where worst and why.

`make pages` reads what `make across` left in ``--tables``, adds
``backtest_provinces_causes.csv`` there, and writes ``across.md``; nothing is simulated. Every sentence
follows from the tables, the unwelcome ones too.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from ...engine.errors import InputError
from ...experiments.backtesting.quantile_pool import COMBINED
from ...experiments.backtesting.rivals_half import COLUMNS
from ...experiments.backtesting.what_members_add import ADDED_COLUMNS
from ...experiments.forecasting.discrepancy import discrepancy_of
from ...experiments.keeping.atomic_files import make_folder, write_text
from ...experiments.keeping.store import Store
from ...experiments.running.table_command import DEFAULT_FOLDER, errors_in_one_line
from ..read_tables import read_table
from ..templates import page_of
from ..upkeep.adopt import alone_of
from .bands import Three, pooled_for
from .causes import causes, series_of_packs
from .correlations import correlations
from .facts_of_further_tables import NOTHING_FURTHER, facts_of_further_tables
from .facts_of_page import (
    Facts,
    Tables,
    facts_of_bands,
    facts_of_causes,
    facts_of_correlations,
    facts_of_pool,
    facts_of_scores,
)
from .pool import ADDED, WEIGHTS
from .results import BY_PROVINCE, SCORES, SHAPE, SUMMARY
from .tables import rounded

__all__ = ["CAUSES", "FACTS", "PAGE", "main", "page", "read_tables", "write_page"]

PAGE: Final = "across.md"
TEMPLATE: Final = "backtest_of_all_provinces/page.md.j2"
CAUSES: Final = "backtest_provinces_causes.csv"
FACTS: Final = "provinces.csv"

_SUMMED: Final = ("crps_log", "inside_50", "inside_80", "inside_95", "model_less")
_NEEDED: Final = {
    SCORES: ("province", *COLUMNS),
    SUMMARY: (
        *("by", "indicator", "horizon", "forecaster", "provinces", "points"),
        *(f"{name}{end}" for name in _SUMMED for end in ("", "_low", "_high")),
    ),
    BY_PROVINCE: (
        *("province", "points", "crps_log", "rival", "model_less", "crps_best_here", "bias", "worst_series"),
        *("misfit_fitted", "effective_sample_size"),
    ),
    SHAPE: (
        *("indicator", "factor_of_volatility", "carry", "observation_error", "growth_power"),
        *("weight_of_typical", "degrees_of_freedom", "points"),
    ),
    ADDED: ADDED_COLUMNS,
    WEIGHTS: ("origin", "indicator", "member", "weight", "points"),
    FACTS: ("province", "luck_of_a_year", "bought_over_sold", "limits"),
}


def read_tables(folder: Path, facts: Path) -> Tables:
    """Read the tables of `make across` and the facts of the packs.

    Raises
    ------
    InputError
        If one is missing, lacks a column, or is of another run than the others.
    """
    of_run = (SCORES, SUMMARY, BY_PROVINCE, SHAPE)
    frames = [read_table(folder / name, "across", _NEEDED[name]) for name in of_run]
    frames.append(read_table(facts, "provinces", _NEEDED[FACTS]))
    tables = Tables(*frames)
    scored, listed_there = (set(frame["province"]) for frame in (tables.scores, tables.provinces))
    summed = int(tables.summary.loc[tables.summary["by"] == "all", "provinces"].max())
    if scored != listed_there or summed != len(listed_there):
        raise InputError(
            f"{len(listed_there)} provinces here, {len(scored)} in {SCORES}, {summed} in {SUMMARY}",
            file=folder / BY_PROVINCE,
            key="province",
            allowed="tables of one run",
        )
    horizons = tables.summary["horizon"].astype(str)
    tables = tables._replace(summary=tables.summary.assign(horizon=horizons))
    if not (folder / ADDED).is_file():
        return tables
    added, weights = (read_table(folder / name, "across", _NEEDED[name]) for name in (ADDED, WEIGHTS))
    counted = set(added.loc[added["by"] == "all", "points"])
    if counted != {int((tables.scores["forecaster"] == COMBINED).sum())}:
        raise InputError(
            f"members are told of {counted} points, and {SCORES} has others",
            file=folder / ADDED,
            key="points",
            allowed="tables of one run",
        )
    return tables._replace(added=added, weights=weights)


def page(
    tables: Tables,
    causes_of: pd.DataFrame,
    found: pd.DataFrame,
    province: str,
    discrepancies: Three,
    further: Facts = NOTHING_FURTHER,
) -> str:
    """Make the page from the tables, `causes.causes`, their `correlations.correlations`, and discrepancies.

    ``province`` is the one for which the plan was written; ``discrepancies`` are of that one; ``further`` are
    of `facts_of_further_tables`.
    """
    return page_of(
        TEMPLATE,
        {
            "table_of_causes": CAUSES,
            **facts_of_scores(tables),
            **facts_of_pool(tables.added, tables.weights),
            **facts_of_causes(causes_of, province),
            **facts_of_correlations(found),
            **facts_of_bands(tables.shape, discrepancies),
            **further,
        },
    )


def write_page(tables: Path, facts: Path, docs: Path) -> list[Path]:
    """Write the table of causes beside the tables, and the page; give both files."""
    from ...scenarios import load_pack
    from ...scenarios.provinces.posterior import POSTERIORS

    found = read_tables(tables, facts)
    packs = {name: load_pack(name) for name in map(str, found.provinces["province"])}
    written_for = next(iter(packs.values())).manifest.plan_written_for
    known = causes(found.scores, found.provinces, found.facts, series_of_packs(packs))
    Store(tables).write_csv(CAUSES, rounded(known))
    known = Store(tables).read_csv(CAUSES)
    with_it = packs if written_for in packs else {**packs, written_for: load_pack(written_for)}
    discrepancies = Three(
        pooled_for(written_for, found.shape, with_it),
        discrepancy_of(POSTERIORS / written_for),
        alone_of(written_for, tables),
    )
    further = facts_of_further_tables(tables, written_for)
    text = page(found, known, correlations(known), written_for, discrepancies, further)
    write_text(docs / PAGE, text)
    return [tables / CAUSES, docs / PAGE]


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Write table and page; 0 done, 2 refused."""
    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.backtest_of_all_provinces.page", description=__doc__
    )
    parser.add_argument("--tables", type=Path, default=DEFAULT_FOLDER, help="folder of the tables")
    parser.add_argument(
        "--facts", type=Path, default=DEFAULT_FOLDER / FACTS, help="facts of the packs, of `make provinces`"
    )
    parser.add_argument("--docs", type=Path, default=Path("docs") / "model", help="folder of the page")
    given = parser.parse_args(arguments)
    make_folder(given.docs)
    for file in write_page(given.tables, given.facts, given.docs):
        print(file)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
