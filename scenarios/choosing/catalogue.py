"""The catalogue of levers, and the names of scenarios, overlays and provinces."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from ...engine.errors import InputError
from ..places import LEVER_FOLDER, NAMED_FOLDER, OVERLAY_FOLDER, PACK_FOLDER
from ..reading.refusals import raise_all, refuse
from ..reading.search import search
from ..reading.yaml_with_places import read_yaml
from .plan_text import tasks_of_the_plan
from .schema import TASKS, Lever

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "HOW_TO_LIST",
    "canonical_selector",
    "find_selector",
    "is_selector",
    "lever_catalogue",
    "levers",
    "list_overlays",
    "list_provinces",
    "list_scenarios",
    "read_levers",
]


_NOT_SHOWN: Final = {"acts_with", "smallest_grant", "within", "sums_with", "counts_only"}


def read_levers(folder: Path = LEVER_FOLDER) -> dict[str, Lever]:
    """Read all lever files of a folder.

    Parameters
    ----------
    folder : Path
        Holds ``*.yaml`` files, each a mapping of lever id to its fields.

    Returns
    -------
    dict of str to Lever
        In the order of the plan's tasks, then of the files.

    Raises
    ------
    InputError
        With file, line and column: a field, a bound, a date, a quote that does not
        stand in the lever's own task, an agency that the task does not name, an id
        that was used before.
    """
    errors: list[InputError] = []
    found: dict[str, Lever] = {}
    file_of: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        document = read_yaml(path)
        for name, fields in document.data.items():
            where = (name,)
            if not isinstance(fields, dict):
                errors.append(
                    document.places.error(where, "is not a set of fields", allowed="entries `key: value`")
                )
                continue
            if name in found:
                errors.append(document.places.error(where, f"stands in {file_of[name]} already", at_key=True))
                continue
            if "id" in fields:
                errors.append(
                    document.places.error((name, "id"), "the id stands as the key already", at_key=True)
                )
                continue
            try:
                lever = Lever.model_validate({**fields, "id": name})
            except ValidationError as error:
                errors += refuse(error, Lever, document.places, where)
                continue
            text = tasks_of_the_plan()[lever.selector]
            if lever.quote not in text:
                errors.append(
                    document.places.error(
                        (name, "quote"),
                        "this does not stand in the task's own text",
                        allowed=f"words of {text[:24]}...",
                    )
                )
            errors += [
                document.places.error(
                    (name, "agencies", str(i)),
                    f"{agency} is not named by the task",
                    allowed=text[text.rfind("（") :],
                )
                for i, agency in enumerate(lever.agencies)
                if agency not in text
            ]
            found[name], file_of[name] = lever, path.name
    raise_all(errors)
    return dict(sorted(found.items(), key=lambda item: TASKS.index(item[1].selector)))


@functools.cache
def _catalogue() -> dict[str, Lever]:
    return read_levers()


def lever_catalogue() -> dict[str, Lever]:
    """Give every lever of the plan by id, in the plan's order (read once per process)."""
    return dict(_catalogue())


def levers() -> pd.DataFrame:
    """Give the table of levers, one row each, with the columns of the design.

    Returns
    -------
    pandas.DataFrame
        ``no_plan`` is the level that stays without the plan; ``history`` and dated
        ``no_plan`` paths are written ``YYYY-Qn: value; ...``; ``end`` is empty if
        there is none; ``change`` is false where the plan asks for no other value,
        ``counts_only`` true where no rule reads what the lever raises.

    Examples
    --------
    >>> levers().set_index("id").loc["fund_leverage", "plan"]
    np.float64(10.0)
    """
    import pandas as pd

    rows = []
    for lever in lever_catalogue().values():
        row = lever.model_dump(exclude=_NOT_SHOWN)
        row["agencies"] = "、".join(lever.agencies)
        row["history"] = _written(lever.history)
        row["no_plan"] = _written(lever.no_plan) if isinstance(lever.no_plan, dict) else lever.level_before
        row["end"] = lever.end or ""
        row["change"] = lever.changes
        row["counts_only"] = lever.counts_only
        rows.append(row)
    return pd.DataFrame(rows)


def _written(path: dict[str, float]) -> str:
    return "; ".join(f"{date}: {value:g}" for date, value in sorted(path.items()))


def canonical_selector(selector: str) -> str:
    """Give the one spelling of a selector: ``all``, ``task_05``, ``organisation_1`` or a lever's id.

    Raises
    ------
    InputError
        If nothing of that name exists; with the nearest spelling.
    """
    known = {"all": "all"} | {name: name for name in lever_catalogue()}
    for task in TASKS:
        known[task] = task
        if task.startswith("task_0"):
            known[f"task_{task[-1]}"] = task
    if selector in known:
        return known[selector]
    raise unknown_selector(selector, f"all, {HOW_TO_LIST}")


def is_selector(name: str) -> bool:
    """Tell whether something is called so, in any spelling of `canonical_selector`."""
    try:
        canonical_selector(name)
    except InputError:
        return False
    return True


def find_selector(word: str) -> str:
    """Give the lever, task or measure that a person means by its name, its title, or a part of it.

    Parameters
    ----------
    word : str
        For example ``voucher_budget``, ``任务10``, ``创新券预算`` or, in traditional characters, ``創新券``.

    Raises
    ------
    InputError
        If nothing is called so, or several things are; with the nearest names and how to list all.
    """
    found = search(word, _spellings())
    if len(found.names) == 1 and found.how != "near":
        return found.names[0]
    raise unknown_selector(word, HOW_TO_LIST, "LEVER")


HOW_TO_LIST: Final = (
    "task_01 to task_25, organisation_1 to organisation_3, a lever of `shaanxi-transfer levers`"
)


def unknown_selector(word: str, allowed: str, key: str | None = None) -> InputError:
    """Make the refusal of a word that names no lever, task or measure, or more than one."""
    found = search(word, _spellings())
    several = len(found.names) > 1 and found.how != "near"
    titles = {name: called[-1] for name, called in _spellings().items()}
    chinese = any(ord(sign) > _FIRST_CHARACTER for sign in word)
    meant = [f"{name} ({titles[name]})" if chinese else name for name in found.names]
    return InputError(
        f"{word!r} is part of {len(meant)} names"
        if several
        else f"no lever, task or measure is called {word!r}",
        key=key,
        allowed=allowed,
        suggestion=" or ".join(meant) or None,
    )


_FIRST_CHARACTER: Final = 0x2E80


@functools.cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """All that levers, tasks and measures are called; the Chinese title comes last."""
    tasks = {}
    for task, text in tasks_of_the_plan().items():
        kind, _, number = task.partition("_")
        title = text.partition("。")[0].partition("）" if kind == "organisation" else ".")[2].strip()
        words = ("任务", "task ", "") if kind == "task" else ("组织措施", "measure ")
        tasks[task] = (*(f"{one}{int(number)}" for one in words), title)
    return tasks | {one.id: (one.title_en, one.title_zh) for one in lever_catalogue().values()}


def list_scenarios() -> list[str]:
    """Name the scenarios that come with the package."""
    return sorted(path.stem for path in NAMED_FOLDER.glob("*.yaml"))


def list_overlays() -> list[str]:
    """Name the overlays that come with the package, to be laid over a scenario with ``+``."""
    return sorted(path.stem for path in OVERLAY_FOLDER.glob("*.yaml"))


def list_provinces() -> list[str]:
    """Name the provinces whose pack comes with the package."""
    return sorted(path.parent.name for path in PACK_FOLDER.glob("*/pack.yaml"))
