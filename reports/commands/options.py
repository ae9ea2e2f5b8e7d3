"""The options of the commands, each written once: its name, its form, its line of help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from ...engine.errors import check_choice
from ..tables.print_rows import FORMATS

TEXT: Final = "text"
JSON: Final = "json"
RECORD_FILES: Final = (".csv", ".parquet")


def check_format(value: str) -> str:
    """Give the form of a table back if there is such a one."""
    return check_choice(value, "--format", FORMATS)


# ---- what is run -----------------------------------------------------------------

ScenarioName = Annotated[str, typer.Argument(help="A named scenario, or a scenario file.", show_default=True)]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Change a lever, a task, a parameter or a field of the scenario: fund_size=8e9, "
        "task_21=no_plan; a lever from a date on: voucher_budget@2019-Q1=2e7. As often as you like.",
    ),
]
Province = Annotated[
    str | None,
    typer.Option(
        "--province", help="A province pack by name (also Chinese) or folder; the scenario's own by default."
    ),
]
Pack = Annotated[str, typer.Option("--province", help="A province pack, by name or folder.")]
Scale = Annotated[
    float, typer.Option("--scale", help="Share of the many and alike that is simulated, up to 1.")
]
Seed = Annotated[int, typer.Option("--seed", help="Same scenario and seed, same bytes.")]
OwnRule = Annotated[
    list[str] | None,
    typer.Option(
        "--rule",
        metavar="RULE=FILE.py:FUNCTION",
        help="A function of your own in place of a rule of `list rules`; as often as you like.",
    ),
]
NoRule = Annotated[list[str] | None, typer.Option("--rule", hidden=True)]
"""Refused with the reason."""

# ---- how it is run ---------------------------------------------------------------

Workers = Annotated[
    int | None, typer.Option("--workers", help="Worker processes; one for each core by default.")
]
Cluster = Annotated[
    str | None, typer.Option("--cluster", help="Address of a dask scheduler whose workers make the runs.")
]
Ensembles = Annotated[
    int, typer.Option("--ensembles", help="Independent ensembles of each fit: their disagreement is told.")
]
Members = Annotated[int, typer.Option("--members", help="Members of each ensemble.")]
Assimilations = Annotated[int, typer.Option("--assimilations", help="Steps of the smoother.")]

TargetName = Annotated[
    str,
    typer.Option(
        "--target",
        metavar="TARGET,...",
        help="Targets, indicators of `list indicators`, or public_cost, with commas between; all targets by"
        " default.",
    ),
]
Counting = Annotated[
    str,
    typer.Option(
        "--counting",
        metavar="TARGET=COUNTING,...",
        help="Ways of counting targets that stand first; `list targets` tells them.",
    ),
]
Outside = Annotated[
    Path | None,
    typer.Option("--outside", help="CSV in the panel's form whose later rows replace drawn outside paths."),
]
Belief = Annotated[
    str | None,
    typer.Option("--belief", help="posterior, prior, or the folder of a calibration of one's own."),
]

OtherVersions = Annotated[
    bool,
    typer.Option(
        "--other-versions",
        help="Go on with other libraries than the folder was begun with; each run notes its own.",
    ),
]

# ---- where it goes, and how it is told ---------------------------------------------

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of an experiment.")]
AsJson = Annotated[
    bool,
    typer.Option(
        "--json", help="Print one JSON document in place of text: tables with raw numbers, files, exit code."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", help="Folder for all that is made.  [default: results/...]"),
]
RecordFile = Annotated[
    Path | None,
    typer.Option("--out", help="File for the record, .csv or .parquet; else it is printed by year."),
]
Lang = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="zh|en",
        help="Language of words and figures, zh or en.  [default: that of SHAANXI_TRANSFER_LANG, else of the"
        " locale]",
    ),
]
Log = Annotated[
    str,
    typer.Option(
        "--log", metavar="text|json", help="Progress off a terminal: text, or json with one object a line."
    ),
]
Form = Annotated[str, typer.Option("--format", help="table or csv.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what to expect of time and size, and make nothing.")
]
