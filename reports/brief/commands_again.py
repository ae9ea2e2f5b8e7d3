"""The commands that make a brief's experiments again, and those that make what it lacks."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...experiments.keeping.store import BOXES, WHO_GAINS, WORTH
from ...experiments.listing.again_command import again_command, scenario_words
from ..tables.experiment_folder import definitions_of
from ..words.phrases import Language, say
from .parts import Chapter, Paragraph, Trace, of_manifest
from .source import Source

if TYPE_CHECKING:
    from ..tables.experiment_folder import Results

__all__ = ["again_chapter", "command_of", "command_of_report", "missing_chapter", "verb_command"]

_PROGRAM = "shaanxi-transfer"
_RESUME = "resume"
_SIZES = ("runs", "scale", "seed")
_NO_RUNS = ("scale", "seed")
_OPTIONS = {
    "ranking": {"by": "by"},
    "attribution": {"orders": "orders"},
    "sweep": {"points": "points"},
    "search": {"chance": "chance", "budget": "budget", "levers": "levers", "packages": "packages"},
    "sensitivity": {
        "over": "over",
        "group-by": "group_by",
        "only": "only",
        "points": "size",
        "seeds": "seeds",
        "rest": "rest",
    },
}
"""Options of a verb, and under which entry of the identity each stands."""


def verb_command(
    verb: str, source: Source, *more: str, before: Sequence[str] = (), sizes: Sequence[str] = _SIZES
) -> str:
    """Write a command for the scenario of an experiment, in as many futures of the same size.

    A scenario that no words of the command line give is a file of its name.
    """
    name, contents = next(iter(source.worlds.items()))
    words = scenario_words(contents) or [f"{name}.yaml"]
    identity = source.identity
    size = [f"--{one}={identity[one]}" for one in sizes if identity.get(one) is not None]
    return shlex.join([_PROGRAM, verb, *before, *words, *more, *size])


def command_of_report(folders: Sequence[Path], language: Language, form: str, out: Path | None = None) -> str:
    """Write the command that makes this very brief."""
    words = [_PROGRAM, "report", *map(str, folders), "--lang", language]
    words += ["--form", form] if form != "html" else []
    return shlex.join(words + ([] if out is None else ["--out", str(out)]))


def command_of(source: Source) -> tuple[str, bool]:
    """Write the command that makes an experiment again, and say whether its scenario is one of its own."""
    command = again_command(source.manifest, source.folder)
    if not command.startswith(f"{_PROGRAM} {_RESUME}"):
        return command, False
    return _own_command(source), any(scenario_words(world) is None for world in source.worlds.values())


def again_chapter(sources: dict[str, Source], report: str, language: Language) -> Chapter:
    """Say with which command each experiment is made again, and then the brief."""
    blocks = []
    for source in sources.values():
        identity, manifest = source.identity, source.manifest
        command, own = command_of(source)
        made = "brief.again_own" if own else "brief.again"
        key = "brief.again_other_rules" if source.of_other_rules else made
        said = say(key, language, folder=source.shown, command=command, seed=identity["seed"])
        traces = of_manifest(
            f"{source.shown}/manifest.json",
            identity_hash=manifest["identity_hash"],
            seed=identity["seed"],
            code=identity["code"],
        )
        blocks.append(Paragraph(said, traces))
    said = say("brief.again_brief", language, command=report)
    return Chapter(say("brief.chapter_again", language), (*blocks, Paragraph(said, blocks[0].traces)))


_OF_FORECAST = {"discover": BOXES, "worth": WORTH}
"""Verbs that ask a finished forecast, by the table that each writes beside it."""

_MAKE = {
    "evidence": "python -m shaanxi_transfer.experiments.evidence.ledger --province {province}",
    "past": "make backtest PROVINCE={province}",
}
"""How the committed tables are made, in a checkout."""

_VERBS = {
    "forecast": "forecast",
    "ranking": "rank",
    "attribution": "attribute",
    "search": "search",
    "sweep": "sweep",
    "sensitivity": "sensitivity",
}


def _own_command(source: Source) -> str:
    """Put an experiment whose scenario is a file of one's own into the words that it was asked with."""
    names, by, identity = list(source.worlds), source.manifest.get("by"), source.identity
    if source.kind == "forecast" and len(names) > 1:
        base = names[-1]
        if by:
            return verb_command("compare", source, base, "--base", base, "--by", ",".join(by))
        return verb_command("forecast", source, "--against", base)
    if source.kind == "waterfall":
        base = names[-1]
        return verb_command("compare", source, base, "--base", base, "--waterfall")
    if source.kind == "why":
        year = f"--year={identity['year']}"
        return verb_command("why", source, year, before=(str(identity["indicator"]), "--scenario"))
    words = []
    for lever, levels in identity.get("lever", ()):
        words += ["--lever", f"{lever}={','.join(f'{level:.17g}' for level in levels)}"]
    for name, _, goal in identity.get("goals", ()):
        words += ["--target", f"{name}={goal:.12g}"]
    for option, entry in _OPTIONS.get(source.kind, {}).items():
        value = identity.get(entry)
        if value not in (None, [], ""):
            words += [f"--{option}", ",".join(value) if isinstance(value, list) else str(value)]
    if source.kind == "sensitivity":
        return verb_command("sensitivity", source, *words, before=(str(identity["method"]),), sizes=_NO_RUNS)
    return verb_command(_VERBS[source.kind], source, *words)


def missing_chapter(
    sources: dict[str, Source], results: Results | None, absent: Sequence[str], language: Language
) -> Chapter | None:
    """Name each chapter that is left out, with the command that makes its table; None if none is.

    ``absent`` are the chapters that rest on committed tables and found none.
    """
    first = next(iter(sources.values()))
    commands: dict[str, str] = {}
    if "forecast" not in sources:
        commands["targets"] = verb_command("forecast", first, "--against", "no_plan")
    elif results is not None and results.against is None:
        commands["difference"] = verb_command("compare", first, "no_plan", "--base", "no_plan")
    if "ranking" not in sources:
        commands["ranking"] = verb_command("rank", first)
    if "attribution" not in sources:
        commands["attribution"] = verb_command("attribute", first)
    if "search" not in sources:
        commands["search"] = verb_command("search", first, "--chance", "0.9")
    if "sensitivity" not in sources:
        words = ("--over", "levers", "--group-by", "task")
        commands["sensitivity"] = verb_command(
            "sensitivity", first, *words, before=("morris",), sizes=_NO_RUNS
        )
    if results is not None and results.against is not None and not (results.folder / WHO_GAINS).is_file():
        base = str(results.against)
        commands["gains"] = verb_command(
            "compare", first, base, "--base", base, "--by", "city,kind", "--out", str(results.folder)
        )
    if results is not None and results.against is not None:
        for verb, table in _OF_FORECAST.items():
            if not (results.folder / table).is_file():
                commands[verb] = shlex.join([_PROGRAM, verb, str(results.folder)])
    if "why" not in sources:
        name = next(iter(definitions_of(first.folder).targets))
        commands["why"] = verb_command("why", first, before=(name, "--scenario"))
    commands |= {name: _MAKE[name].format(province=first.province) for name in absent}
    if not commands:
        return None
    trace = (Trace(f"{first.shown}/manifest.json", None, f"kind={first.kind}"),)
    blocks = tuple(
        Paragraph(
            say("brief.missing", language, chapter=say(f"brief.chapter_{name}", language), command=command),
            trace,
        )
        for name, command in commands.items()
    )
    return Chapter(say("brief.chapter_missing", language), blocks)
