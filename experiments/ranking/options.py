"""What a person may ask of a ranking."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import PlainValidator

from ...engine.errors import InputError, check_choice
from ..effects.options import PackageOptions
from ..effects.packages import GROUPINGS

__all__ = ["RankOptions"]


def _groupings(given: Any) -> tuple[str, ...]:
    words = given.split(",") if isinstance(given, str) else given
    found = tuple(dict.fromkeys(check_choice(str(word).strip(), "by", GROUPINGS) for word in words))
    if not found:
        raise InputError("nothing is to be ranked", key="by", allowed=", ".join(GROUPINGS))
    return found


class RankOptions(PackageOptions):
    """What ranks the parts of a scenario, and how; see `rank.rank`.

    Attributes
    ----------
    by : tuple of str
        What is ranked: tasks, projects or levers, each in a ranking of its own; also with commas between.
    """

    by: Annotated[tuple[str, ...], PlainValidator(_groupings)] = ("task",)
