"""Make the reference tables of sensitivity: a screening of everything, then shares of the twelve that matter.

``python -m shaanxi_transfer.studies.reference_pages.sensitivity_page`` runs Morris over all levers and
uncertainties of the plan, takes the twelve factors that stand foremost, and runs Sobol over
them. Tables go to ``results/reference/sensitivity_*.csv``, a page with figures to
``docs/model``, all runs below ``results``. Taken up again, it makes only what is missing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ...engine.errors import InputError, TransferError
from ...experiments.keeping.atomic_files import make_folder
from ...experiments.keeping.store import Store
from ...experiments.planning import door_to_model
from ...experiments.planning.factors import LUCK
from ...experiments.running.table_command import DEFAULT_FOLDER
from ...experiments.sensitivity import prepared
from ...experiments.sensitivity_analysis.carry_out import carry_out
from ...experiments.sensitivity_analysis.finished_analysis import Sensitivity
from ...reports.commands.progress_bar import open_progress
from ...reports.commands.sensitivity import announce, seeds_of
from ...reports.figures.forecast import save_figure
from ...reports.figures.sensitivity import draw_bars
from ...reports.tables.experiment_folder import model_definitions
from ...reports.words.phrases import LANGUAGES, Language, title_of
from ...reports.words.sensitivity_sentences import MAIN, sentences

if TYPE_CHECKING:
    import pandas as pd

THAT_MATTER: Final = 12
PAGE: Final = "sensitivity.md"
FIGURES: Final = "figures"
_DRAWN: Final = ("contract_value_output", "guidance_fund_committed")


def that_matter(indices: pd.DataFrame, number: int = THAT_MATTER) -> list[str]:
    """Choose the factors that matter: the first of each target, then the second of each, and so on.

    Parameters
    ----------
    indices : DataFrame
        ``sensitivity.csv`` of a screening by Morris. Factors that do no more than luck
        alone would show are passed over.
    number : int
        How many at most.

    Returns
    -------
    list of str
        Ids, the foremost first.
    """
    main = indices[indices["index"] == MAIN["morris"]]
    orders = []
    for _, rows in main.groupby("target", sort=False):
        luck = float(rows.loc[rows["factor"] == LUCK, "value"].iloc[0])
        orders.append(list(rows[(rows["factor"] != LUCK) & (rows["value"] > luck)]["factor"]))
    longest = max(map(len, orders), default=0)
    turns = (order[turn] for turn in range(longest) for order in orders if turn < len(order))
    return list(dict.fromkeys(turns))[:number]


def page(done: Sequence[tuple[Sensitivity, float]], targets: Any) -> Iterator[str]:
    """Write the page that the reference tables are read from.

    Parameters
    ----------
    done : sequence of (Sensitivity, float)
        Each analysis with the seconds that its runs took.
    targets : mapping
        Definition by target.

    Yields
    ------
    str
        Lines of Markdown.
    """
    yield "# What moves the targets"
    yield ""
    yield "Written by `make sensitivity` from `results/reference/sensitivity_*.csv`;"
    yield "[how to read it](../how_to/read_a_sensitivity.md)."
    for result, seconds in done:
        first = result.indices.iloc[0]
        method = str(first["method"])
        names = result.indices.loc[result.indices["kind"].isin(["lever", "uncertainty"]), "factor"].nunique()
        yield ""
        yield f"## {method}"
        yield ""
        yield (
            f"{names} factors, {first['points']} points, {first['futures']} futures at each: "
            f"{first['points'] * first['futures']} runs in {seconds / 60:.0f} minutes."
        )
        for language in LANGUAGES:
            yield ""
            yield from (f"- {line}" for line in sentences(result.indices, targets, language).values())
        for target in _DRAWN:
            if (result.indices["target"] == target).any():
                yield ""
                yield f"![{title_of(targets[target], 'en')}]({FIGURES}/{_figure(method, target, 'en')})"


def _figure(method: str, target: str, language: Language) -> str:
    return f"sensitivity_{method}_{target}_{language}.png"


def write_reference(done: Sequence[tuple[Sensitivity, float]], tables: Path, docs: Path) -> None:
    """Write tables, figures and page of finished analyses."""
    targets = model_definitions().targets
    for result, _ in done:
        method = str(result.indices["method"].iloc[0])
        Store(tables).write_csv(f"sensitivity_{method}.csv", _short(result.indices))
        Store(tables).write_csv(f"sensitivity_{method}_convergence.csv", _short(result.convergence))
        for target in _DRAWN:
            rows = result.indices[result.indices["target"] == target]
            for language in LANGUAGES if len(rows) else ():
                file = docs / FIGURES / _figure(method, target, language)
                save_figure(draw_bars(rows, targets[target], language), file, dots_per_inch=75)
    (docs / PAGE).write_text("\n".join(page(done, targets)) + "\n", encoding="utf-8")


def _short(table: pd.DataFrame) -> pd.DataFrame:
    """Round to six figures and leave out the titles: more would only make the repository larger."""
    rounded = {name: [float(f"{x:.6g}") for x in table[name]] for name in ("value", "low", "high")}
    return table.assign(**rounded).drop(columns=["title_en", "title_zh"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Make both analyses; 0 done, 1 refused by the guard or failed, 2 refused input."""
    parser = argparse.ArgumentParser(
        prog="python -m shaanxi_transfer.studies.reference_pages.sensitivity_page", description=__doc__
    )
    parser.add_argument("--trajectories", type=int, default=6, help="of Morris")
    parser.add_argument("--base", type=int, default=128, help="base points of Sobol, a power of two")
    parser.add_argument("--seeds", default="auto", help="futures at every point, or auto")
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
        morris = _analysis("morris", given.trajectories, None, given)
        chosen = that_matter(morris[0].indices)
        print("that matter:", ",".join(chosen), flush=True)
        sobol = _analysis("sobol", given.base, chosen, given)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except TransferError as error:
        print(error, file=sys.stderr)
        return 1
    write_reference([morris, sobol], given.out, given.docs)
    print(f"{given.out}: sensitivity_*.csv; {given.docs / PAGE}")
    return 0


def _analysis(method: str, size: int, only: list[str] | None, given: Any) -> tuple[Sensitivity, float]:
    """Run one analysis, or take it up again; give it with the seconds that went by."""
    study = prepared(
        "action_plan",
        method,
        over="both",
        group_by="none",
        only=only,
        points=size,
        seeds=seeds_of(given.seeds),
        rest="central",
        scale=given.scale,
        seed=given.seed,
        workers=given.workers,
    )
    began = time.monotonic()
    with open_progress() as progress:
        done = carry_out(
            study,
            door_to_model.model(),
            out=given.runs_below / f"sensitivity_{method}",
            workers=given.workers,
            progress=progress,
            announce=partial(announce, study=study, language="en"),
        )
    return done, time.monotonic() - began


if __name__ == "__main__":
    raise SystemExit(main())
