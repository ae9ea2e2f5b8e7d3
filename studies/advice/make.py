"""Make the tables of advice for a province, each by one command, and take down how long each took.

``make advice`` answers `QUESTIONS` one after the other and copies the table of each to ``results/reference``;
``advice_commands.csv`` says by which command each was made, in how many futures and minutes. A folder that
is there is taken up again, so that it can be stopped; of such a one the minutes are not known and not given.
``--only ranking,why`` answers some.
"""

from __future__ import annotations

import shlex
import shutil
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from ...engine.errors import InputError, check_choice
from ...experiments.keeping.atomic_files import make_folder
from ...experiments.keeping.provenance import basis_of
from ...experiments.keeping.store import Store
from ...experiments.planning import door_to_model
from ...experiments.planning.checks import check_provinces
from ...experiments.running.process_context import usable_cores
from ...experiments.running.table_command import DEFAULT_FOLDER, errors_in_one_line

__all__ = ["COLUMNS", "COMMANDS", "QUESTIONS", "Question", "answered", "main"]

COMMANDS: Final = "advice_commands.csv"
COLUMNS: Final = ("province", "table", "command", "futures", "minutes", "cores", "made", "basis")
"""``command`` is without number of futures, seed and folder; ``minutes`` is empty where a folder was taken up
again; ``basis`` names rules, levers and priors, see `provenance.basis_of`."""

FORECAST: Final = "differences"


@dataclass(frozen=True)
class Question:
    """A question to the model: the command that answers it, and its table.

    Attributes
    ----------
    name : str
        Of the table, ``NAME_PROVINCE.csv``, and of the folder.
    command : str
        Words after ``shaanxi-transfer``, without province and folder.
    futures : int
        For ``--runs``; 0 for a question to the forecast that is there.
    file : str
        The table in the folder.
    """

    name: str
    command: str
    futures: int
    file: str

    def told(self, province: str) -> str:
        """Write the command for a reader."""
        of = f"--province {province}" if self.futures else f"results/advice/{province}/{FORECAST}"
        return f"shaanxi-transfer {self.command} {of}"

    def words(self, province: str, folder: Path, seed: int) -> list[str]:
        """Write the command out for a province and a folder in which all questions have theirs."""
        asked = shlex.split(self.command)
        if not self.futures:
            return [*asked, str(folder / FORECAST)]
        given = ["--runs", str(self.futures), "--seed", str(seed), "--out", str(folder / self.name)]
        return [*asked, "--province", province, *given]


def _search(target: str) -> Question:
    command = f"search --target {target} --chance 0.9"
    return Question(f"packages_{target}", command, 100, "packages.csv")


QUESTIONS: Final = (
    Question(FORECAST, "forecast action_plan --against no_plan", 400, "differences.csv"),
    Question("boxes", "discover", 0, "boxes.csv"),
    Question("worth", "worth", 0, "worth.csv"),
    Question("ranking", "rank --by task", 200, "ranking.csv"),
    Question("who_gains", "compare no_plan action_plan --by city,kind,size", 200, "who_gains.csv"),
    Question("why", "why contract_value_output --year 2010-2020", 60, "why.csv"),
    Question("attribution", "attribute", 60, "attribution.csv"),
    *(
        _search(target)
        for target in (
            "demonstration_institutions",
            "trained_people",
            "incubation_platforms",
            "contract_value_output",
            "guidance_fund_committed",
        )
    ),
)
"""In the order in which they are answered: what costs least first."""


def answered(
    question: Question,
    province: str,
    folder: Path,
    tables: Path,
    seed: int,
    command: Callable[[Sequence[str]], int],
) -> pd.DataFrame:
    """Answer a question, keep its table, and give ``advice_commands.csv`` with its row.

    Parameters
    ----------
    question : Question
    province : str
    folder : Path
        Of all questions; what was begun there is taken up again.
    tables : Path
        Where the tables are kept.
    seed : int
    command : callable
        Runs a command and gives its exit code.

    Raises
    ------
    InputError
        If the command refuses or fails.
    """
    where = folder / (question.name if question.futures else FORECAST)
    begun = question.futures > 0 and where.exists()
    clock = time.monotonic()
    words = question.words(province, folder, seed)
    code = command(words)
    minutes = (time.monotonic() - clock) / 60.0
    if code not in (0, 1) or not (where / question.file).is_file():
        raise InputError(
            f"{shlex.join(words)} ended with {code}", key=question.name, allowed="a command that ends"
        )
    make_folder(tables)
    shutil.copyfile(where / question.file, tables / f"{question.name}_{province}.csv")
    row = {
        "province": province,
        "table": question.name,
        "command": question.told(province),
        "futures": question.futures or None,
        "minutes": None if begun else round(minutes, 1),
        "cores": usable_cores(),
        "made": time.strftime("%Y-%m-%d"),
        "basis": basis_of(door_to_model.loaded("action_plan", province=province)),
    }
    file = tables / COMMANDS
    known = pd.read_csv(file) if file.is_file() else pd.DataFrame(columns=list(COLUMNS))
    others = known[(known["province"] != province) | (known["table"] != question.name)]
    table = pd.DataFrame([*others.to_dict("records"), row], columns=list(COLUMNS))
    Store(tables).write_csv(COMMANDS, table.astype({"futures": "Int64"}))
    return table


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Answer the questions that are asked; 0 done, 2 refused."""
    from ...reports import command_line

    parser = ArgumentParser(prog="python -m shaanxi_transfer.studies.advice.make", description=__doc__)
    parser.add_argument("--province", default="shaanxi")
    parser.add_argument("--only", default="", help="names of tables, with commas between; by default all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("results") / "advice")
    parser.add_argument("--tables", type=Path, default=DEFAULT_FOLDER)
    given = parser.parse_args(arguments)
    (province,) = check_provinces(given.province, door_to_model.provinces())
    for question in _asked(given.only):
        print(f"== {question.name} ({province})", flush=True)
        answered(question, province, given.folder / province, given.tables, given.seed, command_line.main)
    return 0


def _asked(only: str) -> list[Question]:
    """Give the questions of these names, in their own order."""
    known = [one.name for one in QUESTIONS]
    names = [
        check_choice(name, "only", known, f"no table is called {name!r}")
        for name in map(str.strip, only.split(","))
        if name
    ]
    return [one for one in QUESTIONS if not names or one.name in names]


if __name__ == "__main__":
    raise SystemExit(main())
