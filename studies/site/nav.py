"""The order of the pages: tutorial, how-to, reference, explanation.

A pattern such as ``how_to/*`` takes what is in the folder and named nowhere else, so that a new page is in
the site without a line here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from typing import Any, Final

from ...engine.words import Language, say

__all__ = ["NAV", "navigation", "pages_named"]

Part = Mapping[str, Any]

NAV: Final[Part] = {
    "home": ["index.md"],
    "tutorial": ["tutorial.md", "overview.md", "assistants.md"],
    "how_to": {
        "ask": [
            "how_to/write_a_scenario.md",
            "how_to/read_a_forecast.md",
            "how_to/write_a_brief.md",
            "how_to/use_the_dashboard.md",
            "how_to/make_an_offline_simulator.md",
            "how_to/read_a_sensitivity.md",
        ],
        "run": ["how_to/run_a_night.md", "how_to/run_on_a_cluster.md"],
        "data": [
            "how_to/use_a_newer_yearbook.md",
            "how_to/add_or_improve_a_province.md",
            "how_to/calibrate.md",
            "how_to/freeze_and_score.md",
            "how_to/score_forecasts_of_others.md",
        ],
        "change": ["how_to/try_a_rule_of_your_own.md", "how_to/*", "contributing.md"],
    },
    "reference": [
        "reference/command_line.md",
        "reference/python.md",
        "reference/results.md",
        "reference/scenario_file.md",
        "reference/targets.md",
        "reference/levers.md",
        "reference/parameters.md",
        "model/indicators.md",
        "model/columns.md",
        "reference/*",
        "model/glossary.md",
    ],
    "explanation": {
        "the_model": [
            "model/README.md",
            "model/odd.md",
            "model/card.md",
            "limits_and_misuse.md",
            "model/contract_channel.md",
            "model/tasks.md",
            "model/levers.md",
        ],
        "evidence": [
            "model/forecast.md",
            "model/advice.md",
            "model/predictions.md",
            "model/fit.md",
            "model/patterns.md",
            "model/published_effects.md",
            "model/across.md",
            "model/sensitivity.md",
            "model/evidence.md",
            "model/*",
        ],
        "changes": ["changes_of_numbers.md", "changelog.md"],
        "decisions": ["decisions/README.md", "decisions/*"],
    },
}
"""Names of sections, of ``words/*/site.yaml``, and what is in each."""

CALLED: Final = {"overview.md": "overview", "assistants.md": "assistants"}
"""Pages that are called otherwise among the others than by their own heading."""


def pages_named(part: Part | Iterable[str] = NAV) -> Iterator[str]:
    """Give all pages and patterns in their order."""
    for one in part.values() if isinstance(part, Mapping) else [part]:
        if isinstance(one, Mapping):
            yield from pages_named(one)
        else:
            yield from one


def navigation(places: Iterable[str], language: Language) -> list[Any]:
    """Give the tree in the form of ``nav`` in ``mkdocs.yml``, headings in the language of the site."""
    named = set(pages_named())
    free = sorted(place for place in places if place not in named)
    return _tree(NAV, free, language)


def _tree(part: Part, free: list[str], language: Language) -> list[Any]:
    tree: list[Any] = []
    for name, inside in part.items():
        if isinstance(inside, Mapping):
            below = _tree(inside, free, language)
        else:
            below = [_called(place, language) for one in inside for place in _meant(one, free)]
        title = say(f"site.nav_{name}", language)
        tree.append({title: below if len(below) > 1 else below[0]})
    return tree


def _called(place: str, language: Language) -> str | dict[str, str]:
    return {say(f"site.title_{CALLED[place]}", language): place} if place in CALLED else place


def _meant(pattern: str, free: list[str]) -> list[str]:
    return [place for place in free if fnmatch(place, pattern)] if "*" in pattern else [pattern]
