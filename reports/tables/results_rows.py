"""The list of experiments, as rows for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..words.of_provinces import province_name
from ..words.phrases import Language, say, word_or

if TYPE_CHECKING:
    from ...experiments.results import Experiments

__all__ = ["columns_of", "count_line", "experiment_rows"]

_HEADS: Final = ("kind", "scenario", "province", "runs", "scale", "started", "state", "folder", "command")


def columns_of(language: Language) -> list[str]:
    """Give the headings of `experiment_rows`."""
    return [say(f"results.head_{one}", language) for one in _HEADS]


def experiment_rows(found: Experiments, language: Language) -> list[list[str]]:
    """Give a row for each experiment, with its scenarios by their titles."""
    return [_row(row, language) for row in found.table.to_dict("records")]


def count_line(found: Experiments, language: Language) -> str:
    """Say how many there are, and how many of them are finished."""
    if not len(found):
        return say("results.none", language, folder=found.folder)
    done = int(found.table["finished"].sum())
    return say("results.count", language, count=len(found), finished=done, folder=found.folder)


def _row(row: dict[Any, Any], language: Language) -> list[str]:
    if row["damage"]:
        damaged = say("results.damaged", language, why=row["damage"])
        return ["", "", "", "", "", "", damaged, str(row["folder"]), ""]
    province = say("amounts.comma", language).join(
        province_name(one, language) for one in str(row["province"]).split("; ")
    )
    return [
        word_or(f"status.{row['kind']}", language, str(row["kind"])),
        _scenarios(row, language),
        province,
        str(row["runs"]),
        f"{float(row['scale']):g}",
        str(row["started"])[:16].replace("T", " "),
        _state(row, language),
        str(row["folder"]),
        str(row["command"]),
    ]


def _scenarios(row: dict[Any, Any], language: Language) -> str:
    titles = str(row[f"title_{language}"]).split("; ")
    names = str(row["scenario"]).split("; ")
    joined = say("amounts.comma", language).join(
        title or name for title, name in zip(titles, names, strict=False)
    )
    if not row["base"]:
        return joined
    from .sweep_rows import scenario_title

    return say("results.against", language, scenario=joined, base=scenario_title(str(row["base"]), language))


def _state(row: dict[Any, Any], language: Language) -> str:
    if not row["finished"]:
        state = say("results.unfinished", language)
    elif row["failed"]:
        state = say("results.finished_with", language, failed=row["failed"])
    else:
        state = say("results.finished", language)
    return state if row["same_rules"] else say("results.other_rules", language, state=state)
