"""What ``explain`` says of a target: what it counts, goal and year, who declares it, and what touches it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ...engine.errors import InputError
from ..words.amounts import amount
from ..words.phrases import Language, say, title_of, word_or
from .lever_explained import path_words, reference_file

if TYPE_CHECKING:
    from ...model.targets import Target
    from ...scenarios import Scenario

__all__ = ["find_explained", "target_lines", "targets_of"]

_KIND: Final = {"flow_of_year": "flow", "stock_at_end": "stock", "mean_of_year": "ratio"}


def targets_of(scenario: Scenario | None) -> Mapping[str, Target]:
    """Give the targets by which a scenario is judged, by name; those of the shipped plan without one."""
    from ...experiments.planning.door_to_model import judged, model

    targets: Any = judged(model().definitions, *([] if scenario is None else [scenario])).targets
    return dict(targets)


def find_explained(word: str, targets: Mapping[str, Target], *, these_first: bool) -> tuple[str, bool]:
    """Find what a person wants explained, and say whether it is a target.

    Parameters
    ----------
    word : str
        A name, a title or a part of one; of a target also the indicator that it counts.
    targets : mapping of str to Target
    these_first : bool
        Whether targets are meant before levers and tasks: somebody has named their scenario.

    Raises
    ------
    InputError
        If nothing is called so, or several things are; with the nearest names.
    """
    from ...scenarios import lever_catalogue
    from ...scenarios.choosing.catalogue import HOW_TO_LIST, find_selector
    from ...scenarios.reading.search import search

    found = search(
        word,
        {
            name: [target.title_en, target.title_zh, *target.countings.values()]
            for name, target in targets.items()
        },
    )
    meant = len(found.names) == 1 and found.how != "near"
    if meant and (these_first or (word in targets and word not in lever_catalogue())):
        return found.names[0], True
    try:
        return find_selector(word), False
    except InputError as error:
        several = error.problem.endswith("names")
        if meant and not several:
            return found.names[0], True
        others = () if error.suggestion is None else (error.suggestion,)
        near = [*found.names, *others] if these_first else [*others, *found.names]
        several = several or found.how != "near"
        raise InputError(
            f"{word!r} is part of several names"
            if several
            else f"no target, lever or task is called {word!r}",
            key="NAME",
            allowed=f"{', '.join(targets)}; {HOW_TO_LIST}",
            suggestion=" or ".join(near) or None,
        ) from error


def target_lines(
    name: str,
    target: Target,
    world: Scenario,
    language: Language,
    *,
    called: str,
    reference: Path | None = None,
) -> Iterator[str]:
    """Say all that is known of a target.

    Parameters
    ----------
    name : str
    target : Target
        Of `targets_of`.
    world : Scenario
        Which is judged by it.
    language : {"en", "zh"}
    called : str
        What the scenario is loaded by: its name or file.
    reference : Path, optional
        A table of levers' effects, `lever_explained.reference_file` by default.
    """
    from ...model.indicators.every_indicator import INDICATORS
    from ...scenarios import lever_catalogue

    other: Language = "en" if language == "zh" else "zh"
    colon = say("amounts.colon", language)
    yield f"{name}{colon}{title_of(target, language)} · {title_of(target, other)}"
    key = "scenarios.target_declared" if name in world.targets else "scenarios.target_shipped"
    yield say(key, language, scenario=title_of(world, language), name=world.name)
    goal = {"goal": amount(target.goal, target.unit, language), "year": target.year}
    yield say(f"scenarios.target_{_KIND[target.how]}", language, **goal)
    yield say("scenarios.target_plan", language, first=world.plan_start, last=world.end)
    for number, (counting, indicator) in enumerate(target.countings.items()):
        counted = INDICATORS[indicator]
        facts = {"indicator": indicator, "title": title_of(counted, language)}
        yield say("scenarios.target_counts", language, **facts, definition=_definition(counted, language))
        if number or len(target.countings) > 1:
            yield say(
                "scenarios.target_counting",
                language,
                counting=word_or(f"targets.counting_{counting}", language, counting),
            )
    if target.note:
        yield say("scenarios.note", language, note=" ".join(target.note.split()))
    counted_by = set(target.countings.values())
    levers = [lever for lever in lever_catalogue().values() if lever.indicator in counted_by]
    yield say("scenarios.target_levers" if levers else "scenarios.target_no_lever", language)
    for lever in levers:
        yield f"  {lever.id}{colon}{title_of(lever, language)}{colon}{path_words(world, lever, language)}"
    yield from _measured(target, language, reference_file() if reference is None else reference)
    yield say("scenarios.target_rank", language, scenario=called, name=name)


def _definition(counted: Any, language: Language) -> str:
    return str(counted.definition_zh if language == "zh" else counted.definition)


def _measured(target: Target, language: Language, file: Path) -> Iterator[str]:
    """Name the levers that moved it visibly in the reference table, where that is of today."""
    if not file.is_file():
        return
    import pandas as pd

    from ...experiments.effects.lever_effects import is_of_today

    table = pd.read_csv(file)
    if not {"lever", "indicator", "visible"} <= set(table.columns) or not is_of_today(table):
        return
    rows = table[table["indicator"].isin(target.countings.values()) & table["visible"].astype(bool)]
    moved = sorted(set(rows["lever"].dropna()))
    if moved:
        yield say("scenarios.target_moved", language, levers=say("amounts.comma", language).join(moved))
