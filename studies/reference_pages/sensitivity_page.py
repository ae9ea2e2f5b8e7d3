"""Make the reference tables of sensitivity: a screening of everything, then shares of the twelve that matter.

``python -m shaanxi_transfer.studies.reference_pages.sensitivity_page`` runs Morris over all levers and
uncertainties of the plan, takes the twelve factors that stand foremost, and runs Sobol over
them. Tables go to ``results/reference/sensitivity_*.csv``, a page with figures to
``docs/model``, whose words are in `sensitivity.md.j2`, all runs below ``results``. Taken up again, it makes
only what is missing.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ...experiments.keeping.atomic_files import write_text
from ...experiments.keeping.store import Store
from ...experiments.planning.factors import LUCK, choose_factors
from ...experiments.sensitivity_analysis.finished_analysis import Sensitivity
from ...experiments.sensitivity_analysis.options import SensitivityOptions
from ...reports.commands.progress_bar import open_progress
from ...reports.commands.sensitivity import announced
from ...reports.figures.forecast import save_figure
from ...reports.figures.sensitivity import draw_bars
from ...reports.tables.experiment_folder import model_definitions
from ...reports.words.phrases import LANGUAGES, Language, title_of
from ...reports.words.sensitivity_sentences import MAIN, sentences
from ...scenarios import load
from ..templates import page_of
from .reference_run import FIGURES, run_reference

THAT_MATTER: Final = 12
PAGE: Final = "sensitivity.md"
MINUTES: Final = "sensitivity_minutes.csv"
"""What the runs of each analysis took."""

FILES: Final = ("sensitivity_morris.csv", "sensitivity_sobol.csv", MINUTES)
WORLD: Final = "action_plan"
OVER: Final = "both"
_DRAWN: Final = ("contract_value_output", "guidance_fund_committed")


def that_matter(indices: pd.DataFrame, number: int = THAT_MATTER) -> list[str]:
    """Choose the factors that matter: the first of each target, then the second of each, and so on.

    Read from ``sensitivity.csv`` of a screening by Morris; what does no more than luck alone is passed over.
    """
    main = indices[indices["index"] == MAIN["morris"]]
    orders = []
    for _, rows in main.groupby("target", sort=False):
        luck = float(rows.loc[rows["factor"] == LUCK, "value"].iloc[0])
        orders.append(list(rows[(rows["factor"] != LUCK) & (rows["value"] > luck)]["factor"]))
    longest = max(map(len, orders), default=0)
    turns = (order[turn] for turn in range(longest) for order in orders if turn < len(order))
    return list(dict.fromkeys(turns))[:number]


def page(morris: pd.DataFrame, sobol: pd.DataFrame, minutes: pd.DataFrame) -> str:
    """Make the page from the tables of `write_reference`; titles come from the levers and the parameters."""
    targets = model_definitions().targets
    factors = {factor.name: factor for factor in choose_factors(load(WORLD), OVER)}
    taken = minutes.set_index("method")["minutes"]
    analyses = []
    for table in (morris, sobol):
        first = table.iloc[0]
        named = [factors.get(name) for name in table["factor"]]
        titles = {title: [getattr(one, title, "") for one in named] for title in ("title_en", "title_zh")}
        indices = table.assign(**titles)
        shown = [name for name in _DRAWN if (indices["target"] == name).any()]
        analyses.append(
            {
                **{name: first[name] for name in ("method", "points", "futures")},
                "factors": indices.loc[indices["kind"].isin(["lever", "uncertainty"]), "factor"].nunique(),
                "minutes": taken[first["method"]],
                "sentences": [sentences(indices, targets, one).values() for one in LANGUAGES],
                "figures": [
                    (title_of(targets[name], "en"), _figure(first["method"], name, "en")) for name in shown
                ],
            }
        )
    return page_of("reference_pages/sensitivity.md.j2", {"analyses": analyses, "figures": FIGURES})


def _figure(method: str, target: str, language: Language) -> str:
    return f"sensitivity_{method}_{target}_{language}.png"


def write_reference(done: Sequence[tuple[Sensitivity, float]], tables: Path, docs: Path) -> None:
    """Write tables, figures and page of finished analyses."""
    targets = model_definitions().targets
    store = Store(tables)
    minutes = []
    for result, seconds in done:
        method = str(result.indices["method"].iloc[0])
        minutes.append((method, round(seconds / 60)))
        store.write_csv(f"sensitivity_{method}.csv", _short(result.indices))
        store.write_csv(f"sensitivity_{method}_convergence.csv", _short(result.convergence))
        for target in _DRAWN:
            rows = result.indices[result.indices["target"] == target]
            for language in LANGUAGES if len(rows) else ():
                file = docs / FIGURES / _figure(method, target, language)
                save_figure(draw_bars(rows, targets[target], language), file, dots_per_inch=75)
    store.write_csv(MINUTES, pd.DataFrame(minutes, columns=["method", "minutes"]))
    write_text(docs / PAGE, page(*(store.read_csv(name) for name in FILES)))


def _short(table: pd.DataFrame) -> pd.DataFrame:
    """Round to six figures and leave out the titles: more would only make the repository larger."""
    rounded = {name: [float(f"{x:.6g}") for x in table[name]] for name in ("value", "low", "high")}
    return table.assign(**rounded).drop(columns=["title_en", "title_zh"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Make both analyses; 0 done, 1 refused by the guard or failed, 2 refused input."""
    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.reference_pages.sensitivity_page", description=__doc__
    )
    parser.add_argument("--trajectories", type=int, default=6, help="of Morris")
    parser.add_argument("--base", type=int, default=128, help="base points of Sobol, a power of two")
    parser.add_argument("--seeds", default="auto", help="futures at every point, or auto")
    return run_reference(parser, _write, arguments)


def _write(given: Namespace) -> int:
    """Make both analyses and write what they give."""
    morris = _analysis("morris", given.trajectories, None, given)
    chosen = that_matter(morris[0].indices)
    print("that matter:", ",".join(chosen), flush=True)
    write_reference([morris, _analysis("sobol", given.base, chosen, given)], given.out, given.docs)
    print(f"{given.out}: sensitivity_*.csv; {given.docs / PAGE}")
    return 0


def _analysis(method: str, size: int, only: list[str] | None, given: Any) -> tuple[Sensitivity, float]:
    """Run one analysis, or take it up again; give it with the seconds that went by."""
    began = time.monotonic()
    with open_progress() as progress:
        options = SensitivityOptions(
            scenario=WORLD,
            over=OVER,
            method=method,
            only=None if only is None else tuple(only),
            points=size,
            seeds=given.seeds,
            scale=given.scale,
            seed=given.seed,
            workers=given.workers,
            out=given.runs_below / f"sensitivity_{method}",
            progress=progress,
        )
        done = announced(options, "en")
    return done, time.monotonic() - began


if __name__ == "__main__":
    raise SystemExit(main())
