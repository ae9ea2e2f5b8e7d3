"""What ``packs`` says of a panel: what was found, what is missing, which figures look odd."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from ...scenarios.provinces.sources_read import NATION
from ..words.of_provinces import province_name
from ..words.phrases import Language, say

if TYPE_CHECKING:
    from ...scenarios.provinces.packs_from_panel import MadePacks
    from ...scenarios.provinces.panel_findings import Finding

__all__ = ["report_lines"]

_SHOWN: Final = 12
"""Lines of a kind; the file of findings has all."""


def report_lines(made: MadePacks, language: Language) -> Iterator[str]:
    """Say what was made of a panel, and what was found in it."""
    panel = made.panel
    yield say(
        "panel.found",
        language,
        figures=len(panel.figures),
        provinces=len(panel.provinces),
        last_year=panel.last_year,
        later=panel.later,
    )
    yield say("panel.made", language, count=len(made.made), names=_names(made.made, language))
    for province, why in made.refused.items():
        yield say("panel.refused", language, province=province_name(province, language), why=why)
    if not made.findings:
        yield say("panel.nothing", language)
    for kind, rows in groupby(made.findings, key=lambda one: one.kind):
        found = list(rows)
        yield say(f"panel.head_{kind}", language, count=len(found))
        for one in found[:_SHOWN]:
            yield _line(one, language)
        if len(found) > _SHOWN:
            yield say("panel.more", language, count=len(found) - _SHOWN)


def _names(provinces: Sequence[str], language: Language) -> str:
    return say("amounts.comma", language).join(province_name(one, language) for one in provinces)


def _line(one: Finding, language: Language) -> str:
    nation = one.province == NATION
    province = say("panel.nation", language) if nation else province_name(one.province, language)
    place = {"province": province, "indicator": one.indicator, "years": one.years}
    if one.parameter:
        key = "panel.line_scaled" if one.by else "panel.line_taken_over"
        return say(key, language, **place, parameter=one.parameter, by=one.by)
    if one.value is None or one.expected is None:
        return say("panel.line", language, **place)
    values = {"value": f"{one.value:.4g}", "expected": f"{one.expected:.4g}"}
    return say("panel.line_with_values", language, **place, **values)
