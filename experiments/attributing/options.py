"""What a person may ask of sharing out a plan's effect."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import PlainValidator

from ...engine.errors import InputError
from ...engine.seed_and_scale import is_whole
from ..effects.options import PackageOptions

__all__ = ["AttributeOptions"]

MOST_ORDERS: Final = 100


def _orders(given: Any) -> int:
    if not is_whole(given) or not 1 <= given <= MOST_ORDERS:
        raise InputError(
            f"{given!r} orders cannot be drawn in each future",
            key="orders",
            allowed=f"a whole number from 1 to {MOST_ORDERS}",
        )
    return int(given)


class AttributeOptions(PackageOptions):
    """What shares out the effect of a scenario, and how; see `attribute.attribute`.

    Attributes
    ----------
    orders : int
        Orders of tasks that are drawn in each future, each with its reverse.
    """

    orders: Annotated[int, PlainValidator(_orders)] = 1
