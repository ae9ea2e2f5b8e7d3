"""What rules are handed, written down for the type checker: it then knows every name and its kind.

``python -m shaanxi_transfer.studies.upkeep.describe_types agents`` writes ``inputs.pyi`` (a float for
each parameter and each lever, and the moment) and ``rows.pyi`` (the fields of a row of each
population and ledger) there. Both are read by type checkers and editors only, never run.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ... import agents
from ...agents.census import CENSUS
from ...engine.columns import Column, number_record, row_dtype
from ...model.markets.directory import BUCKETS, PLACES
from ...model.quarter.support_programmes import Programme
from ...model.state import levers_in_force
from ...model.state.now import NOW_FIELDS
from ...model.state.registry import TALLY_FIELDS
from ...scenarios.choosing.catalogue import read_levers
from ...scenarios.places import LEVER_FOLDER
from ...scenarios.provinces.parameter_draws import read_parameters, shared_parameters

PACKS: Final = LEVER_FOLDER.parent / "packs"

_WIDTH: Final = 110
_DECLARATION: Final = re.compile(r"Final\[Columns\[(\w+)\]\]")
_HEAD: Final = '''"""{what}

Made by `python -m shaanxi_transfer.studies.upkeep.describe_types agents`; do not edit.
"""

{imports}'''


class Field(NamedTuple):
    """A name that a rule may read, the type of its value, and what it means."""

    name: str
    kind: str
    meaning: str = ""


def parameter_fields() -> list[Field]:
    """List all parameters: the shared ones, those of the packs, and those that only levers bring about."""
    declared = dict(shared_parameters())
    for file in sorted(PACKS.glob("*/parameters.yaml")):
        declared.update(read_parameters(file))
    fields = [Field(name, "float", f"{each.title_en} ({each.unit})") for name, each in declared.items()]
    values = {name: each.value for name, each in declared.items()}
    levers = number_record(dict.fromkeys(read_levers(), 0.0))
    for family in levers_in_force.FAMILIES:
        brought = [name for name in family(values, levers) if name not in declared]
        fields += [
            Field(name, "float", f"From levers alone, see levers_in_force.{family.__name__}")
            for name in brought
        ]
    return sorted(fields)


def lever_fields() -> list[Field]:
    """List all levers."""
    return sorted(
        Field(name, "float", f"{each.title_en} ({each.unit})") for name, each in read_levers().items()
    )


def declared_columns() -> dict[str, tuple[str, tuple[Column, ...]]]:
    """Find where in the agents' files columns are declared, by the name that a declaration gives to a row."""
    found: dict[str, tuple[str, tuple[Column, ...]]] = {}
    for file in pkgutil.iter_modules(agents.__path__):
        module = importlib.import_module(f"{agents.__name__}.{file.name}")
        for name, annotation in vars(module).get("__annotations__", {}).items():
            declaration = _DECLARATION.fullmatch(annotation)
            if declaration:
                found[declaration[1]] = f"agents.{file.name}.{name}", getattr(module, name)
    return dict(sorted(found.items()))


def _kind_of(dtype: npt.DTypeLike) -> str:
    """Give the type under which Python sees a value of a column; keys stay words of 64 bits."""
    kind = np.dtype(dtype)
    if kind.shape:
        return "npt.NDArray[np.int64]"
    return {"u": "Key", "i": "int", "f": "float", "b": "bool"}[kind.kind]


def _column_fields(columns: Iterable[Column]) -> list[Field]:
    return [Field(each.name, _kind_of(each.dtype), f"{each.meaning} ({each.unit})") for each in columns]


def _dtype_fields(dtype: np.dtype[np.void]) -> list[Field]:
    return [Field(name, _kind_of(dtype[name])) for name in dtype.names or ()]


def _sentence(text: str, indent: str) -> str:
    """Write a docstring, broken where it is too long for a line."""
    whole = f'{indent}"""{text[0].upper()}{text[1:]}."""'
    if len(whole) <= _WIDTH:
        return whole
    return "\n".join(textwrap.wrap(whole, _WIDTH, subsequent_indent=indent, break_long_words=False))


def _class(name: str, what: str, fields: Iterable[Field], base: str) -> list[str]:
    """Write a class of fields."""
    lines = [f"class {name}({base}):", _sentence(what, "    ") + "\n"]
    for field in fields:
        lines.append(f"    {field.name}: {field.kind}")
        if field.meaning:
            lines.append(_sentence(field.meaning, "    "))
    return [*lines, ""]


_READ_ONLY: Final = """\
    @property
    def {name}(self) -> float: ..."""


def inputs_stub() -> str:
    """Write the file of what rules are told beside their rows."""
    moment = [Field("step", "int", "Number of the step, negative before the start")]
    moment += [Field(name, "float") for name in NOW_FIELDS]
    kinds = {
        "Parameters": ("Parameters of behaviour in force, or those that a family reads", parameter_fields()),
        "Levers": ("Levers in force in a step", lever_fields()),
        "Moment": ("Calendar and outside world of a step, see `now`", moment),
    }
    parts = [
        _HEAD.format(
            what="What rules are told: parameters, levers in force, the moment, and a support programme.",
            imports="from typing import Protocol\n",
        )
    ]
    for name, (what, fields) in kinds.items():
        parts += _class(name, what, fields, "Protocol")
    parts += _class("Programme", "A programme of support, see `support_programmes`", (), "Protocol")[:-1]
    parts += [_READ_ONLY.format(name=name) for name in Programme._fields]
    return "\n".join(parts) + "\n"


_KEY: Final = '''class Key:
    """Identity of an actor or a good: a word of 64 bits, to which a plain 0 for nobody may be given."""

    def __get__(self, row: object, kind: object = None) -> np.uint64: ...
    def __set__(self, row: object, key: np.uint64 | int) -> None: ...

class Row:
    """What all rows have: their fields are also found under their names, as NumPy scalars."""

    def __getitem__(self, name: str, /) -> Any: ...
    def __setitem__(self, name: str, value: Any, /) -> None: ...
    def copy(self) -> Self: ...
'''


def rows_stub() -> str:
    """Write the file of all kinds of rows."""
    parts = [
        _HEAD.format(
            what="Fields of a row of each population and ledger, as declared beside it.",
            imports="from typing import Any, Self\n\nimport numpy as np\nimport numpy.typing as npt\n",
        ),
        _KEY,
    ]
    for name, (place, columns) in declared_columns().items():
        parts += _class(name, f"A row of {place}", _column_fields(columns), "Row")
    parts += _class("Census", "What is counted in a sweep, see `census`", _dtype_fields(CENSUS), "Row")
    tally = _dtype_fields(row_dtype(TALLY_FIELDS))
    parts += _class("Bucket", "A bucket of sellers, see `directory`", _dtype_fields(BUCKETS), "Row")
    parts += _class("Place", "A place in a bucket, see `directory`", _dtype_fields(PLACES), "Row")
    parts += _class("Tally", "What the registry counts in a step, see `registry`", tally, "Row")
    return "\n".join(parts)


STUBS: Final = {"inputs.pyi": inputs_stub, "rows.pyi": rows_stub}
"""Generated files by name."""


def main(arguments: list[str] | None = None) -> int:
    """Write the files into a folder."""
    chosen = sys.argv[1:] if arguments is None else arguments
    folder = Path(chosen[0] if chosen else "agents")
    for name, stub in STUBS.items():
        (folder / name).write_text(stub(), encoding="utf-8", newline="\n")
        print(folder / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
