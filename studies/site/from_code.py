"""Pages of reference that are made from the code while the site is built, in the language of the site.

The command line comes from the option parsers, lists from the records that ``list`` and ``levers`` show, the
entries of a scenario file from its schema, and the public names of Python from the face of the package.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, Final

from ...engine.words import Language, say
from ...reports.commands.help_pages import records
from ...reports.commands.lists import LEVER_COLUMNS, LISTS, Column
from ...reports.words.translated import translated
from ..templates import page_of

__all__ = ["PUBLIC", "made_from_code", "objects_given"]

PACKAGE: Final = __package__.split(".")[0]

PUBLIC: Final[Mapping[str, Sequence[str]]] = {
    "scenarios": ("load", "levers", "indicators"),
    "questions": ("forecast", "compare", "keep", "sweep", "why", "score"),
    "plans": ("rank", "attribute", "search", "discover", "worth", "sensitivity"),
    "afterwards": ("results", "report"),
    "one_run": ("run", "Ecosystem"),
}
"""What ``from shaanxi_transfer import ...`` gives, by what it is for."""


_ATTRIBUTE: Final = re.compile(r"^(\w[\w, ]*?)( : (.+))?\n((?:    .*\n?)+)", re.MULTILINE)


@cache
def made_from_code(language: Language) -> Mapping[str, str]:
    """Give the pages by their places in the site."""
    pages = {
        "reference/command_line.md": _command_line(language),
        "reference/python.md": _names(language),
        "reference/results.md": _objects(language),
        "reference/scenario_file.md": _scenario_file(language),
        "reference/levers.md": _levers(language),
        **{f"reference/{name}.md": _list(name, language) for name in LISTS if name != "indicators"},
    }
    if language == "zh":  # the English one is written by `make pages`
        pages["model/indicators.md"] = _list("indicators", language)
    return pages


# ---- the command line ---------------------------------------------------------------


def _command_line(language: Language) -> str:
    """Describe every command with its arguments, options and examples."""
    import typer

    from ...reports.command_line import PROGRAM, app

    group: Any = typer.main.get_command(app)
    ctx = typer.Context(group, info_name=PROGRAM, obj={"language": language})
    commands = []
    for name, command in group.commands.items():
        below = typer.Context(command, info_name=name, parent=ctx, obj={"language": language})
        told = records(command, below, language)
        _, _, examples = (command.epilog or "").partition("Examples:\n")
        commands.append(
            {
                "name": name,
                "usage": f"{PROGRAM} {name} {' '.join(command.collect_usage_pieces(below))}",
                "told": [
                    translated(text, language) for text in inspect.cleandoc(command.help or "").split("\n\n")
                ],
                "rows": [*told["argument"], *told["option"]],
                "examples": [line.strip() for line in examples.splitlines()],
            }
        )
    return page_of(f"site/command_line_{language}.md.j2", {"commands": commands})


# ---- lists --------------------------------------------------------------------------


def _list(name: str, language: Language) -> str:
    """Write what ``list NAME`` shows."""
    rows, columns = LISTS[name]
    of = "" if name == "targets" else "shaanxi"
    return _table(name, list(rows(of, language)), columns, language)


def _levers(language: Language) -> str:
    """Write what ``levers`` shows, with the bounds of each."""
    from ...scenarios import levers

    rows = [{str(name): cell for name, cell in row.items()} for row in levers().to_dict("records")]
    bounds = Column("range", lambda row, language: f"{row['low']:g}–{row['high']:g}")
    name, task, title, *levels, remark = LEVER_COLUMNS
    return _table("levers", rows, (name, title, task, *levels, bounds, remark), language)


def _table(name: str, rows: list[Any], columns: Sequence[Column], language: Language) -> str:
    return page_of(
        "site/list.md.j2",
        {
            "title": say(f"site.list_{name}", language),
            "told": say(f"site.about_{name}", language),
            "heading": " | ".join(say(f"lists.{column.heading}", language) for column in columns),
            "rows": [[_cell(column.cell(row, language)) for column in columns] for row in rows],
        },
    )


def _cell(content: object) -> str:
    return "" if content is None else str(content)


# ---- scenario files -----------------------------------------------------------------


_HEADS: Final = ("entry", "form", "default", "meaning")


def _scenario_file(language: Language) -> str:
    """Describe the entries of a scenario file: what each means, and what holds without it."""
    from ...scenarios.json_schema import scenario_json_schema
    from ...scenarios.scenario import Scenario

    entries = scenario_json_schema()["properties"]
    told = list(_attributes(inspect.getdoc(Scenario) or ""))
    rows = [
        {"names": names, "kind": kind, "told": text, "default": _default(entries, names)}
        for names, kind, text in told
        if set(names) <= set(entries)
    ]
    return page_of(
        "site/scenario_file.md.j2",
        {
            "title": say("site.scenario_file", language),
            "told": say("site.about_scenario_file", language),
            "heading": " | ".join(say(f"site.head_{one}", language) for one in _HEADS),
            "rows": rows,
        },
    )


def _attributes(docstring: str) -> Iterator[tuple[list[str], str, str]]:
    """Read the part ``Attributes`` of a docstring: names, type, text."""
    _, _, part = docstring.partition("Attributes\n----------\n")
    for names, _, kind, text in _ATTRIBUTE.findall(part):
        yield names.split(", "), kind, " ".join(text.split())


def _default(entries: Mapping[str, Any], names: Sequence[str]) -> str:
    """Tell what holds if an entry is absent; nothing where there is no plain word for it."""
    values = [entries[name].get("default") for name in names]
    plain = [str(value) for value in values if isinstance(value, str | int) and value != ""]
    return ", ".join(dict.fromkeys(plain))


# ---- Python -------------------------------------------------------------------------


def _names(language: Language) -> str:
    """Name every public function and class; mkdocstrings writes what their docstrings say."""
    parts = [(say(f"site.names_{part}", language), names) for part, names in PUBLIC.items()]
    return _of_docstrings(say("site.python", language), say("site.about_python", language), parts)


def _objects(language: Language) -> str:
    """Name what the public functions give."""
    parts = [("", [one.removeprefix(f"{PACKAGE}.") for one in objects_given()])]
    return _of_docstrings(say("site.objects", language), say("site.about_objects", language), parts)


def _of_docstrings(title: str, told: str, parts: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Write a page that mkdocstrings fills; a part without a heading lies one level higher."""
    return page_of("site/python.md.j2", {"title": title, "told": told, "package": PACKAGE, "parts": parts})


def objects_given() -> list[str]:
    """Give the full names of the classes that public functions return, in the order of the functions."""
    package = import_module(PACKAGE)
    found: dict[str, None] = {}
    for name in (name for names in PUBLIC.values() for name in names):
        function = getattr(package, name)
        given = inspect.isfunction(function) and function.__annotations__.get("return")
        kind = getattr(sys.modules[function.__module__], given, None) if isinstance(given, str) else None
        if inspect.isclass(kind) and kind.__module__.startswith(PACKAGE):
            found[f"{kind.__module__}.{kind.__qualname__}"] = None
    return list(found)
