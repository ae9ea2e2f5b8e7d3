"""Spoil the reference scenario, lever files and names of levers in every way, and count what is refused.

``python -m shaanxi_transfer.studies.upkeep.spoilt_files`` prints the counts: files tried, files
refused before any step with file, line and key, and misspelt names for which the right lever was
suggested. Exit code 1 if anything was taken, or told without its place.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ...engine.errors import InputError
from .spoiling import Entry, Kind, Spoilt, misspellings, render, spoilt_texts

if TYPE_CHECKING:
    from ...scenarios import Lever, Scenario

__all__ = ["Count", "lever_entries", "main", "scenario_entries", "try_levers", "try_names", "try_scenario"]

LEAST_SUGGESTED: Final = 0.95

_WORDS: Final = ("province", "kind", "payer", "unit", "task", "steps_per_year")
_TEXTS_OR_NUMBERS: Final = ("smallest_grant",)
_NUMBERS: Final = ("plan", "no_plan", "low", "high")


class Count(NamedTuple):
    """What became of spoilt files.

    Attributes
    ----------
    tried, refused : int
        Files, and those that were refused with file, line and key.
    wrong : tuple of str
        Those that were taken, or refused without their place: way, entry and what was said.
    """

    tried: int
    refused: int
    wrong: tuple[str, ...]


def reference_scenario(*, dated: bool = False) -> Scenario:
    """Give the plan with every lever written out as a number, or one of each form as a dated path."""
    from ...scenarios import lever_catalogue, load, shared_parameters

    levers: dict[str, Any] = {name: lever.plan for name, lever in lever_catalogue().items()}
    if dated:
        some = (lever.id for lever in representative_levers())
        levers = {name: {"2018-Q3": levers[name], "2019-Q4": levers[name]} for name in some}
    held = {
        name: one.value
        for name, one in list(shared_parameters().items())[::25]
        if one.distribution != "fixed"
    }
    adjustments = {"delay_quarters": {"all": 0, "task_22": 0}, "scaled": {"money": 1.0}}
    return load("action_plan").set(name="reference", **levers, **adjustments, parameters=held)


def scenario_entries(*, dated: bool = False) -> list[Entry]:
    """Write the reference scenario as entries, one a line."""
    from ...scenarios import lever_catalogue

    scenario = reference_scenario(dated=dated)
    fields = scenario.model_dump(exclude={"base", "overlays"}, exclude_none=True)
    if not dated:
        fields["levers"].pop("all")
    levers, table = lever_catalogue(), scenario.parameter_table()
    entries: list[Entry] = []
    for name, value in fields.items():
        if value == {}:  # targets: those of the shipped plan
            continue
        if not isinstance(value, dict):
            entries.append(Entry((name,), _written(value), _kind_of(name, value)))
            continue
        entries.append(Entry((name,), "", "entries"))
        for inner, one in value.items():
            where = (name, inner)
            if isinstance(one, dict):
                entries.append(Entry(where, "", "entries"))
                entries += [_number((*where, date), number, levers[inner]) for date, number in one.items()]
            elif name == "levers" and inner == "all":
                entries.append(Entry(where, one, "word"))
            elif name == "levers":
                entries.append(_number(where, one, levers[inner]))
            elif name == "parameters":
                entries.append(Entry(where, repr(one), "number", table[inner].unit))
            elif name == "delay_quarters":
                entries.append(Entry(where, str(one), "whole", "quarters", 0.0, 40.0))
            elif name == "scaled":
                entries.append(Entry(where, repr(one), "number", "share", 0.0, 2.0))
            else:
                entries.append(Entry(where, _written(one), _kind_of(inner, one)))
    return entries


def lever_entries(lever: Lever) -> list[Entry]:
    """Write one lever's fields as entries, one a line."""
    fields = lever.model_dump(exclude={"id"}, exclude_none=True)
    entries = [Entry((lever.id,), "", "entries", free=True)]
    for name, value in fields.items():
        where = (lever.id, name)
        if isinstance(value, dict):
            entries.append(Entry(where, "" if value else "{}", "entries"))
            # A quarter of the history may lie in 2012, and a value in it at zero.
            entries += [_number((*where, date), number, lever, "number") for date, number in value.items()]
        elif name in _NUMBERS:
            entries.append(_number(where, value, lever))
        elif name == "ramp":
            entries.append(Entry(where, str(value), "whole", "quarters", 0.0, 40.0))
        elif name == "admin_cost_per_year":
            entries.append(Entry(where, repr(value), "number", "yuan/year", 0.0, 1e8))
        else:
            entries.append(Entry(where, _written(value), _kind_of(name, value)))
    return entries


def _number(where: tuple[str, ...], value: float, lever: Lever, kind: Kind | None = None) -> Entry:
    """Write a lever's number with the bounds against which it can be spoilt."""
    dated: Kind = "date key" if len(where) == 3 else "switch" if lever.unit == "switch" else "number"
    own_bound = where[-1] in ("low", "high")
    low, high = (None, None) if own_bound else (lever.low, lever.high)
    return Entry(where, repr(float(value)), kind or dated, lever.unit, low, high)


def _kind_of(name: str, value: Any) -> Kind:
    if isinstance(value, bool):
        return "truth"
    if name in _WORDS:
        return "word"
    if name in _TEXTS_OR_NUMBERS:
        return "text or number"
    if name in ("start", "end", "plan_start"):
        return "quarter"
    return "list" if isinstance(value, list | tuple) else "text"


def _written(value: Any) -> str:
    """Write a value of JSON, which is one of YAML too."""
    plain = isinstance(value, str) and value.replace("_", "").replace("-", "").isalnum()
    return value if plain and isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _count(spoilt: Iterator[Spoilt], file: Path, read: Callable[[], object], nth: int) -> Count:
    """Read every nth spoilt file, and see that it is refused at its place."""
    from ...scenarios import problems_of

    tried = 0
    wrong: list[str] = []
    for one in islice(spoilt, 0, None, nth):
        tried += 1
        file.write_text(one.text, encoding="utf-8")
        name = f"{one.way}: {'.'.join(one.entry.where)}"
        try:
            read()
        except InputError as error:
            if not any(_told(problem, one, file) for problem in problems_of(error)):
                wrong.append(f"{name}: told as {error}")
        except Exception as error:  # a traceback instead of a line is what this looks for
            wrong.append(f"{name}: {type(error).__name__}: {error}")
        else:
            wrong.append(f"{name}: taken")
    return Count(tried, tried - len(wrong), tuple(wrong))


def _told(problem: InputError, one: Spoilt, file: Path) -> bool:
    """Tell whether a refusal names the file, the line and the key; a bound is told where it is broken."""
    place = problem.file == str(file) and bool(problem.key) and "\n" not in str(problem)
    repeated = one.line + 1 if one.way == "repeated" else one.line
    related = one.entry.key in (*_NUMBERS, "unit", "task", "history", "start") or len(one.entry.where) == 3
    return place and (problem.line in (one.line, repeated) or (related and problem.line is not None))


def try_scenario(folder: Path, *, dated: bool = False, nth: int = 1) -> Count:
    """Spoil every entry of the reference scenario in every way, or try every nth of these files only."""
    from ...scenarios import load

    file = folder / "reference.yaml"
    entries = scenario_entries(dated=dated)
    file.write_text(render(entries), encoding="utf-8")
    if load(file).hash != reference_scenario(dated=dated).hash:
        raise InputError("the reference scenario does not come back as it was written", file=file)
    return _count(spoilt_texts(entries), file, lambda: load(file), nth)


def representative_levers() -> list[Lever]:
    """Choose levers so that each unit, kind and form of path is there once."""
    from ...scenarios import lever_catalogue

    chosen: dict[tuple[object, ...], Lever] = {}
    for lever in lever_catalogue().values():
        form = (
            lever.unit,
            lever.kind,
            lever.end is None,
            isinstance(lever.no_plan, dict),
            bool(lever.history),
        )
        chosen.setdefault(form, lever)
    return list(chosen.values())


def try_levers(folder: Path, levers: Sequence[Lever] | None = None, *, nth: int = 1) -> Count:
    """Spoil every field of lever files in every way; `representative_levers` by default."""
    from ...scenarios import read_levers

    total = Count(0, 0, ())
    for lever in representative_levers() if levers is None else levers:
        here = folder / lever.id
        here.mkdir(parents=True, exist_ok=True)
        file = here / f"{lever.id}.yaml"
        entries = lever_entries(lever)
        file.write_text(render(entries), encoding="utf-8")
        if read_levers(here)[lever.id] != lever:
            raise InputError(f"{lever.id} does not come back as it was written", file=file)
        found = _count(spoilt_texts(entries), file, lambda here=here: read_levers(here), nth)  # type: ignore[misc]
        total = Count(total.tried + found.tried, total.refused + found.refused, total.wrong + found.wrong)
    return total


def try_names(folder: Path, *, nth: int = 1) -> Count:
    """Misspell every lever's name by one letter in a scenario; ``refused`` counts right suggestions."""
    from ...scenarios import TASKS, lever_catalogue, load, problems_of

    levers = lever_catalogue()
    tried = right = 0
    wrong: list[str] = []
    file = folder / "names.yaml"
    for name in levers:
        bad = [word for word in dict.fromkeys(misspellings(name)) if word not in (*levers, *TASKS, "all")]
        bad = bad[::nth]
        lines = ["base: action_plan", "levers:", *(f"  {word}: plan" for word in bad)]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        try:
            load(file)
        except InputError as error:
            suggested = {problem.line: problem.suggestion for problem in problems_of(error)}
        for line, word in enumerate(bad, start=3):
            tried += 1
            right += suggested.get(line) == name
            if suggested.get(line) != name:
                wrong.append(f"{word}: {suggested.get(line)} instead of {name}")
    return Count(tried, right, tuple(wrong))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the counts; ``--all`` spoils every lever's file and not only one of each form."""
    from ...scenarios import lever_catalogue

    words = sys.argv[1:] if arguments is None else list(arguments)
    if set(words) - {"--all"}:
        print(InputError(f"{words[0]!r} is unknown", allowed="--all, or nothing"), file=sys.stderr)
        return 2
    every = list(lever_catalogue().values()) if "--all" in words else representative_levers()
    with tempfile.TemporaryDirectory() as folder:
        counts = {
            "scenario, levers as numbers": try_scenario(Path(folder)),
            "scenario, levers as dated paths": try_scenario(Path(folder), dated=True),
            f"files of {len(every)} levers": try_levers(Path(folder) / "levers", every),
        }
        names = try_names(Path(folder))
    for what, count in counts.items():
        print(f"{what}: {count.tried} spoilt, {count.refused} refused with file, line and key")
        for line in count.wrong:
            print(f"  {line}")
    tried, refused = (sum(getattr(count, field) for count in counts.values()) for field in Count._fields[:2])
    share = names.refused / names.tried
    print(f"together: {tried} tried, {refused} refused, {tried - refused} not")
    print(
        f"one-letter misspellings of levers: {names.tried} tried, {names.refused} suggested rightly", end=""
    )
    print(f" ({math.floor(share * 1000) / 10} %)")
    return 0 if refused == tried and share >= LEAST_SUGGESTED else 1


if __name__ == "__main__":
    raise SystemExit(main())
