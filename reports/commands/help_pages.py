"""Pages of ``--help`` in the language that is set; in English they are the option parser's own."""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from typer.core import TyperCommand, TyperGroup

from ..words.phrases import Language, say
from ..words.translated import translated

if TYPE_CHECKING:
    from typer import Context

__all__ = ["SpeakingCommand", "SpeakingGroup", "records", "wrapped"]

WIDEST: Final = 100
"""Columns of a page; less on a narrower terminal."""

_NAMES: Final = 26
"""Columns of names of options; a longer one has a line of its own."""

_CLOSING: Final = "[\u3001\u3002\uff01\uff09\uff0c\uff1a\uff1b\uff1f\u201d]*"
_PIECES: Final = re.compile(rf"\s+|[\u2e80-\uffff]{_CLOSING}|[^\s\u2e80-\uffff]+{_CLOSING}")
"""What a line may be broken between: words, and Chinese characters with the signs that close on them."""

_MADE_BY_PARSER: Final = re.compile(r"\[(?:default: (?P<default>.*?))?(?:; )?(?P<required>required)?\]$")


class SpeakingCommand(TyperCommand):
    """A command whose help is in the language of the context's object."""

    def get_help(self, ctx: Any) -> str:
        """Give the page of this command."""
        language = language_of_context(ctx)
        return super().get_help(ctx) if language == "en" else "\n".join(_page(self, ctx, language))


class SpeakingGroup(TyperGroup):
    """The program as a whole, whose help is in the language of the context's object."""

    def get_help(self, ctx: Any) -> str:
        """Give the page of the program."""
        language = language_of_context(ctx)
        return super().get_help(ctx) if language == "en" else "\n".join(_page(self, ctx, language))


def language_of_context(ctx: Context) -> Language:
    """Give the language with which the program was called."""
    return ctx.obj.get("language", "en") if isinstance(ctx.obj, dict) else "en"


def _page(command: Any, ctx: Any, language: Language) -> Iterator[str]:
    """Give the lines of a page."""
    from rich.cells import cell_len

    width = min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns)
    usage = say("help_pages.usage", language, command=ctx.command_path)
    yield from _hung(usage, " ".join(command.collect_usage_pieces(ctx)), cell_len(usage) + 1, width)
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        yield ""
        yield from (f"  {line}" for line in wrapped(translated(paragraph, language), width - 2))
    for kind, rows in records(command, ctx, language).items():
        heading = say("help_pages.arguments" if kind == "argument" else "help_pages.options", language)
        yield from _section(heading, rows, width)
    short = [
        (name, translated(one.short_help or "", language))
        for name, one in getattr(command, "commands", {}).items()
    ]
    yield from _section(say("help_pages.commands", language), short, width)
    if command.epilog:
        _, _, examples = command.epilog.partition("Examples:\n")
        yield from ("", say("help_pages.examples", language), *examples.splitlines())


def records(command: Any, ctx: Any, language: Language) -> dict[str, list[tuple[str, str]]]:
    """Give names and help of the arguments and options of a command, by ``argument`` and ``option``."""
    found: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is not None:
            found[parameter.param_type_name].append((record[0], _help(parameter, record[1], language)))
    return found


def _help(parameter: Any, told: str, language: Language) -> str:
    """Translate what is said of a parameter, and what the parser adds: its default, or that it must be."""
    text = parameter.help or ""
    added = _MADE_BY_PARSER.fullmatch(told.removeprefix(text).strip())
    notes = []
    if added and added["default"]:
        notes.append(say("help_pages.default", language, value=added["default"]))
    if added and added["required"]:
        notes.append(say("help_pages.required", language))
    return translated(text, language) + "".join(notes)


def _section(heading: str, rows: list[tuple[str, str]], width: int) -> Iterator[str]:
    """Give a heading with names and what is said of them beside each other."""
    from rich.cells import cell_len

    if not rows:
        return
    column = min(_NAMES, max(cell_len(name) for name, _ in rows)) + 4
    yield from ("", heading)
    for name, text in rows:
        yield from _hung(f"  {name}", text, column, width)


def _hung(name: str, text: str, column: int, width: int) -> Iterator[str]:
    """Hang a text beside a name, its further lines below its first."""
    from rich.cells import cell_len

    lines = wrapped(text, width - column)
    if cell_len(name) >= column:
        yield name
    elif lines:
        yield name + " " * (column - cell_len(name)) + lines.pop(0)
    yield from (" " * column + line for line in lines)


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of so many columns, a Chinese character taking two and parting anywhere.

    Examples
    --------
    >>> wrapped("共运行100个未来，每个未来各一次。", 20)
    ['共运行100个未来，每', '个未来各一次。']
    """
    from rich.cells import cell_len

    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if line and cell_len(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line or piece.strip() else ""
    return [*lines, line.rstrip()] if line.strip() else lines
