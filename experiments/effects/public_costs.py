"""What a plan costs the public by task and payer, against the world without it.

``python -m shaanxi_transfer.experiments.effects.public_costs FOLDER`` reads the folder of a forecast and
prints the table as CSV; nothing is simulated.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from ...engine.errors import InputError, TransferError
from ..forecasting.target_and_indicator_tables import yearly_of_parts
from ..keeping.integrity import open_finished
from ..keeping.store import MANIFEST, PREDICTIVE
from ..planning import door_to_model
from .paired_effects import FORGONE

COLUMNS: Final = ("scenario", "against", "task", "payer", "measure", "q05", "q50", "q95", "futures")

_NET: Final = "public_cost_"
_RECOVERED: Final = "public_cost_recovered_"
_CITIES: Final = "public_cost_cities_"


def cost_table(folder: Path) -> pd.DataFrame:
    """Sum public cost from the plan's start to the end of the runs, as paired differences, in yuan.

    The folder is of a forecast of two or more scenarios; the last one is what the others are held against.
    ``measure`` is gross, recovered or net by task and payer; ``reallocated`` is programme money turned to
    other uses; ``forgone`` is tax that sellers save on registered contracts and ``forgone_certificates``
    that of certified firms, which no treasury pays: not split by task, for a contract or a certificate has
    no one task as its cause, while `lever_effects` has both for each task alone, as a paired difference;
    ``expected_loss`` is the promised share of outstanding loans that is expected to fail, at the
    end.
    """
    if not (folder / MANIFEST).is_file():
        raise InputError(f"{MANIFEST} is missing", file=folder, allowed="the folder of a finished forecast")
    store = open_finished(folder)
    scenarios = list(store.manifest()["identity"]["scenarios"])
    if len(scenarios) < 2:
        raise InputError("the folder holds one scenario", file=folder, allowed="a forecast with --against")
    wanted = ("public_", *FORGONE, "compensation_expected_loss")
    parts = (frame[frame["indicator"].str.startswith(wanted)] for frame in store.frames(PREDICTIVE))
    years = yearly_of_parts(parts, door_to_model.model().definitions)
    rows = [row for name in scenarios[:-1] for row in _rows(years, name, scenarios[-1])]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(years: pd.DataFrame, scenario: str, against: str) -> Iterator[tuple[object, ...]]:
    from ...scenarios import TASKS

    totals = years.groupby(["indicator", "scenario", "future"])["value"].sum()
    at_end = years[years["year"] == years["year"].max()].set_index(["indicator", "scenario", "future"])[
        "value"
    ]

    futures = years.loc[years["scenario"] == scenario, "future"].unique()

    def difference(indicator: str, values: pd.Series[float] = totals) -> pd.Series[float]:
        if indicator not in values.index.get_level_values(0):
            return pd.Series(0.0, index=futures)
        both = values[values.index.get_level_values(0) == indicator].droplevel(0).unstack("scenario")
        found: pd.Series[float] = (both[scenario] - both[against]).dropna()
        return found

    def row(task: str, payer: str, measure: str, sample: pd.Series[float]) -> tuple[object, ...]:
        low, middle, high = sample.quantile([0.05, 0.5, 0.95])
        return (scenario, against, task, payer, measure, low, middle, high, len(sample))

    for task in TASKS:
        net, cities = difference(f"{_NET}{task}"), difference(f"{_CITIES}{task}")
        recovered = difference(f"{_RECOVERED}{task}")
        yield row(task, "all", "gross", net + recovered)
        yield row(task, "all", "recovered", recovered)
        yield row(task, "all", "net", net)
        if (cities != 0.0).any():
            yield row(task, "province", "net", net - cities)
            yield row(task, "cities", "net", cities)
    yield row("all", "all", "gross", difference("public_cost_gross"))
    yield row("all", "all", "recovered", difference("public_cost_recovered"))
    yield row("all", "all", "net", difference("public_cost"))
    yield row("all", "province", "net", difference("public_cost_province"))
    yield row("all", "cities", "net", difference("public_cost_cities"))
    yield row("all", "all", "reallocated", difference("public_money_reallocated"))
    for measure, tax in zip(("forgone", "forgone_certificates"), FORGONE, strict=True):
        yield row("all", "all", measure, difference(tax))
    yield row("all", "province", "expected_loss", difference("compensation_expected_loss", at_end))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 0 done, 2 refused input."""
    parser = argparse.ArgumentParser(
        prog="python -m shaanxi_transfer.experiments.effects.public_costs", description=__doc__
    )
    parser.add_argument("folder", type=Path, help="folder of a forecast")
    try:
        table = cost_table(parser.parse_args(arguments).folder)
    except TransferError as error:
        print(error, file=sys.stderr)
        return 2
    table.to_csv(sys.stdout, index=False, float_format="%.0f", lineterminator="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
