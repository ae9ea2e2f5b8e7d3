"""One future in words: the story of a contract, of an enterprise and of a stake, line by line."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ..words.amounts import amount
from ..words.phrases import Language, say
from .gains_rows import part_words
from .sweep_rows import scenario_title

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["told"]

_STORIES: Final = ("contract", "enterprise", "stake")


def told(table: pd.DataFrame, language: Language) -> Iterator[str]:
    """Tell a trace, a line an event.

    Parameters
    ----------
    table : DataFrame
        Columns of `trace.COLUMNS`.
    language : Language
    """
    first = table.iloc[0]
    scenario = scenario_title(str(first["scenario"]), language)
    yield say("trace.heading", language, future=int(first["future"]), scenario=scenario)
    for story in _STORIES:
        yield say(f"trace.story_{story}", language)
        for row in table[table["story"] == story].to_dict("records"):
            yield "  " + say(f"trace.event_{row['event']}", language, **_gaps(row, language))
    yield "* " + say("trace.note", language)


def _gaps(row: Mapping[Any, Any], language: Language) -> dict[str, Any]:
    """Give what a row fills into its sentence; what it does not hold is not asked for."""
    when = str(int(row["year"]))
    if _there(row["quarter"]):
        when = say("trace.quarter", language, year=when, quarter=int(row["quarter"]))
    found: dict[str, Any] = {"when": when}
    for name in ("count", "other_count"):
        found[name] = f"{int(row[name]):,}" if _there(row[name]) else ""
    for name in ("amount", "other_amount"):
        found[name] = amount(float(row[name]), "yuan", language) if _there(row[name]) else ""
    for who in ("seller", "buyer"):
        found[who] = _who(row, who, language)
    if _there(row["field"]):
        found["field"] = _field(str(row["field"]), str(row["province"]), language)
    if row["event"] == "contract":
        found["type"] = say(f"why.item_{row['type']}", language)
        found["channel"] = say(f"why.item_{row['channel']}", language)
        found["before"] = _before(row, language)
    return found


def _who(row: Mapping[Any, Any], who: str, language: Language) -> str:
    """Name a seller or buyer with its city, a fund by its kind, or the place of an enterprise."""
    kind, city = row[who], row[f"{who}_city"]
    place = part_words(str(city), "city", str(row["province"]), language) if _there(city) else ""
    if not _there(kind):
        return place
    if row["event"] == "stake":
        led = say("trace.fund_public" if row["registered"] else "trace.fund_private", language)
        return say(f"trace.fund_{kind}", language, led=led)
    named = say(f"trace.who_{kind}", language)
    return say("trace.in_city", language, who=named, city=place) if place else named


def _before(row: Mapping[Any, Any], language: Language) -> str:
    if not _there(row["count"]):
        return ""
    count = int(row["count"])
    return say("trace.before", language, count=count) if count else say("trace.first_time", language)


def _field(field: str, province: str, language: Language) -> str:
    from ...scenarios.provinces.pack import load_pack

    title = str(load_pack(province).fields.set_index("field")[f"title_{language}"][field])
    return title[:1].lower() + title[1:]


def _there(value: object) -> bool:
    return value is not None and value != "" and not (isinstance(value, float) and math.isnan(value))
