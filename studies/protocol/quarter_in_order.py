"""The quarter as its page has it: the calls of a step, in order, with what each does."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Final, NamedTuple

from ...model import ecosystem

__all__ = ["Call", "first_sentence", "quarter_in_order"]

_HEADING: Final = re.compile(r"^\s*# (?:(?P<number>\d+(?:\. and \d+)?)\. |\.\.\. )(?P<words>.*?)\.?$")


class Call(NamedTuple):
    """A call of the page of the quarter under its heading."""

    heading: str
    name: str
    told: str


def quarter_in_order() -> list[Call]:
    """List what a step calls, in its order; what is no rule (a clock, a recorder) is left out."""
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(ecosystem.Ecosystem.step)))
    headings = {
        number: " ".join(filter(None, [found["number"] and f"{found['number']}.", found["words"]]))
        for number, line in enumerate(source.splitlines(), 1)
        if (found := _HEADING.match(line))
    }
    calls: list[tuple[int, Call]] = []
    for statement in ast.walk(ast.parse(source)):
        if not isinstance(statement, ast.Call) or not isinstance(statement.func, ast.Attribute):
            continue
        name = ast.unparse(statement.func)
        function = _function(name)
        if function is None:
            continue
        above = [heading for number, heading in headings.items() if number < statement.lineno]
        told = Call(above[-1] if above else "", name, first_sentence(function))
        calls.append((statement.lineno, told))
    return [call for _, call in sorted(calls)]


def _function(name: str) -> object | None:
    """Find a function of a file of the quarter by the name under which the page calls it."""
    module, _, own = name.partition(".")
    function = getattr(getattr(ecosystem, module, None), own, None)
    return function if callable(function) else None


def first_sentence(thing: object) -> str:
    """Give the first paragraph of a docstring on one line."""
    return next(_paragraphs(inspect.getdoc(thing) or ""), "")


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield " ".join(paragraph.split())
