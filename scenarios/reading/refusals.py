"""From what is wrong in a file to one line that says where, what, what is allowed.

All problems of a file are gathered before the first is raised, so that a
researcher mends a file once and not once per mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from ...engine.errors import InputError, nearest
from .likely_meaning import entry_in, number_in

__all__ = [
    "FieldProblem",
    "FieldProblems",
    "Place",
    "Places",
    "entry_in",
    "find_place",
    "number_in",
    "problems_of",
    "raise_all",
    "refuse",
]

Place = tuple[int, int]
Location = tuple[str, ...]


class FieldProblem(NamedTuple):
    """One thing wrong inside one entry, told relative to that entry."""

    where: Location
    problem: str
    allowed: str | None = None
    suggestion: str | None = None
    at_key: bool = False


class FieldProblems(ValueError):
    """Several problems of one entry, raised inside a pydantic validator."""

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.problem for problem in self.problems))


_Where = TypeVar("_Where")


def find_place(
    where: Location, by_key: Mapping[Location, _Where], by_value: Mapping[Location, _Where], *, at_key: bool
) -> _Where | None:
    """Find where an entry stands, by its key or its value; what is absent stands where its holder does."""
    first, second = (by_key, by_value) if at_key else (by_value, by_key)
    place = first.get(where) or second.get(where)
    for length in range(len(where) - 1, -1, -1):
        place = place or by_key.get(where[:length]) or by_value.get(where[:length])
    return place


class Places:
    """Where each entry of a file stands.

    Parameters
    ----------
    file : str or None
        Name of the file as the user wrote it; None for values typed in Python.
    key_places, value_places : mapping of location to (line, column)
        Positions counted from 1.
    """

    def __init__(
        self,
        file: str | None = None,
        key_places: Mapping[Location, Place] | None = None,
        value_places: Mapping[Location, Place] | None = None,
    ) -> None:
        self.file = file
        self.key_places = dict(key_places or {})
        self.value_places = dict(value_places or {})

    def error(
        self,
        where: Location,
        problem: str,
        *,
        allowed: str | None = None,
        suggestion: str | None = None,
        at_key: bool = False,
    ) -> InputError:
        """Make the error for one entry; an absent entry is shown at its parent."""
        place = find_place(where, self.key_places, self.value_places, at_key=at_key)
        line, column = place if place and self.file is not None else (None, None)
        return InputError(
            problem,
            key=".".join(where) or None,
            file=self.file,
            line=line,
            column=column,
            allowed=allowed,
            suggestion=suggestion,
        )


def raise_all(errors: list[InputError]) -> None:
    """Raise the first error, with the rest told in the same line and kept in ``others``.

    Parameters
    ----------
    errors : list of InputError
        Everything that was found; nothing is raised if it is empty.

    Raises
    ------
    InputError
        The first one (by line), its attribute ``others`` holding the rest.
    """
    if not errors:
        return
    ordered = sorted(errors, key=lambda error: (error.file or "", error.line or 0, error.column or 0))
    first, others = ordered[0], ordered[1:]
    if not others:
        raise first
    briefly = [f"line {other.line} {other.key}" if other.line else str(other.key) for other in others[:5]]
    more = (
        f"{first.problem} (and {len(others)} more: {', '.join(briefly)}{', ...' if len(others) > 5 else ''})"
    )
    gathered = InputError(
        more,
        key=first.key,
        file=first.file,
        line=first.line,
        column=first.column,
        allowed=first.allowed,
        suggestion=first.suggestion,
    )
    gathered.__dict__["others"] = tuple(ordered)
    raise gathered


def problems_of(error: InputError) -> tuple[InputError, ...]:
    """Give every problem that was found together with this one, itself included."""
    others: tuple[InputError, ...] = error.__dict__.get("others", (error,))
    return others


def refuse(
    error: ValidationError,
    model: type[BaseModel],
    places: Places,
    prefix: Location = (),
    below: Mapping[str, Iterable[str]] | None = None,
) -> list[InputError]:
    """Turn what pydantic found into errors that name file, line, column, key and value.

    Parameters
    ----------
    error : pydantic.ValidationError
        What was found.
    model : type of BaseModel
        The model that was filled; its fields are the allowed keys.
    places : Places
        Positions of the entries.
    prefix : tuple of str
        Where the entry stands in the file.
    below : mapping of str to names, optional
        Names that belong below a key, and may have been written beside it.
    """
    refused: list[InputError] = []
    misspelt = _misspelt(error, model)
    for found in error.errors():
        where = prefix + tuple(str(part) for part in found["loc"] if part != "[key]")
        kind = found["type"]
        inner = found.get("ctx", {}).get("error")
        if isinstance(inner, FieldProblems):
            refused += [
                places.error(
                    where + problem.where,
                    problem.problem,
                    allowed=problem.allowed,
                    suggestion=problem.suggestion,
                    at_key=problem.at_key,
                )
                for problem in inner.problems
            ]
        elif kind == "extra_forbidden":
            allowed = _fields_at(model, found["loc"][:-1])
            refused.append(
                places.error(
                    where,
                    f"unknown key {where[-1]!r}",
                    allowed=", ".join(allowed),
                    suggestion=nearest(where[-1], allowed)
                    or (_one_level_down(where[-1], below or {}) if len(where) == 1 else None),
                    at_key=True,
                )
            )
        elif kind == "missing":
            if found["loc"] in misspelt:
                continue  # told as an unknown key already
            refused.append(places.error(where, "is missing", allowed="a value"))
        else:
            refused.append(_wrong_value(kind, found, where, places))
    return refused


def _one_level_down(word: str, below: Mapping[str, Iterable[str]]) -> str | None:
    """Find the name that was meant by a key which stands one level too high."""
    found = ((nearest(word, names), key) for key, names in below.items())
    return next((f"{name}, below the key {key}" for name, key in found if name), None)


def _misspelt(error: ValidationError, model: type[BaseModel]) -> set[tuple[int | str, ...]]:
    """Places of keys that were probably meant by an unknown one."""
    meant: set[tuple[int | str, ...]] = set()
    for found in error.errors():
        if found["type"] == "extra_forbidden":
            *parent, key = found["loc"]
            likely = nearest(str(key), _fields_at(model, tuple(parent)))
            if likely is not None:
                meant.add((*parent, likely))
    return meant


def _wrong_value(kind: str, found: Any, where: Location, places: Places) -> InputError:
    """Say in plain words what is wrong with one value."""
    value, context = found["input"], found.get("ctx", {})
    shown = repr(value) if not isinstance(value, dict | list) else f"a {type(value).__name__}"
    wants = {
        "float": "a number, for example 0.5 or 2.0e7",
        "int": "a whole number",
        "string": "text",
        "bool": "true or false",
        "tuple": "a list, for example [a, b]",
        "dict": "entries `key: value`",
        "model": "entries `key: value`",
    }
    if kind in ("literal_error", "enum"):
        options = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
        return places.error(
            where,
            f"{shown} is not one of the choices",
            allowed=options,
            suggestion=nearest(str(value), options.split(", ")),
        )
    if kind == "finite_number":
        return places.error(where, f"{shown} is not a finite number", allowed="a finite number")
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        return places.error(
            where, f"{shown} is out of range", allowed=found["msg"].removeprefix("Input should be ")
        )
    if kind == "string_pattern_mismatch":
        return places.error(
            where,
            f"{shown} has a sign that is not allowed",
            allowed='no spaces and none of / \\ : * ? " < > |',
        )
    if kind == "string_unicode":
        return places.error(where, f"{shown} is a path of bytes that are not UTF-8", allowed="a renamed file")
    if kind in ("string_too_short", "string_too_long", "too_short"):
        return places.error(where, f"{shown} is too {kind.split('_')[-1]}", allowed=_span(context))
    if isinstance(value, bool) and not kind.startswith("bool"):
        return places.error(
            where,
            f"{shown} is a switch word, not a number",
            allowed=wants.get(kind.split("_")[0], "a number"),
        )
    mend = number_in(value) if kind.startswith(("float", "int")) else None
    mend = entry_in(value) if kind.startswith(("dict", "model")) else mend
    return places.error(
        where,
        f"{shown} is not {wants.get(kind.split('_')[0], 'allowed here').split(',')[0]}",
        allowed=wants.get(kind.split("_")[0], found["msg"]),
        suggestion=mend,
    )


def _span(context: Any) -> str:
    low, high = context.get("min_length"), context.get("max_length")
    return f"at least {low}" if high is None else f"at most {high}"


def _fields_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """Name the allowed keys of the (nested) model at a location."""
    here: type[BaseModel] = model
    held: type[BaseModel] | None = None
    for part in location:
        inner = here.model_fields[str(part)].annotation if str(part) in here.model_fields else None
        inner = held if inner is None else inner  # below a name of one's own: what each entry holds
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            here = inner
        held = next(
            (one for one in get_args(inner) if isinstance(one, type) and issubclass(one, BaseModel)), None
        )
    return list(here.model_fields)
