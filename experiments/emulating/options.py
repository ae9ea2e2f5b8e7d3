"""What a person may ask of an emulator."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated, Any, Final

from pydantic import Field, PlainValidator

from ...engine.errors import InputError
from ...engine.seed_and_scale import is_whole
from ..effects.options import PackageOptions
from ..forecasting.paired_differences import FEWEST_PAIRS
from ..planning.options import Runs

__all__ = ["FEWEST_TESTS", "LEVERS", "MOST_LEVERS", "EmulationOptions", "check_library"]

LEVERS: Final = 10
"""How many levers are chosen where none is named."""

MOST_LEVERS: Final = 20
MOST_POINTS: Final = 10_000
FEWEST_TESTS: Final = 20
"""Fewer points do not tell the ninth decile of an error."""

_FEWEST_POINTS: Final = 10


def check_library() -> None:
    """Refuse an emulator, before anything is run, where the library that fits it is missing."""
    if find_spec("sklearn") is None:
        raise InputError(
            "the library scikit-learn is missing",
            key="simulator",
            allowed="with the extra: pip install 'shaanxi-transfer[simulator]'",
        )


def _levers(given: Any) -> tuple[str, ...]:
    from ...scenarios import lever_catalogue
    from ...scenarios.choosing.catalogue import find_selector

    words = given.split(",") if isinstance(given, str) else given or ()
    found: list[str] = []
    for word in (part.strip() for one in words for part in str(one).split(",") if part.strip()):
        name = word if word in lever_catalogue() else find_selector(word)
        if name not in lever_catalogue():
            inside = [lever.id for lever in lever_catalogue().values() if lever.selector == name]
            raise InputError(
                f"{name!r} holds {len(inside)} levers, and a slider is of one",
                key="lever",
                allowed=", ".join(inside) or "a lever of `shaanxi-transfer levers`",
            )
        if name in found:
            raise InputError(f"{name!r} is named twice", key="lever", allowed="each lever once")
        found.append(name)
    if len(found) > MOST_LEVERS:
        raise InputError(
            f"{len(found)} levers are too many for one page", key="lever", allowed=f"1 to {MOST_LEVERS}"
        )
    return tuple(found)


def _names(given: Any) -> tuple[str, ...]:
    words = given.split(",") if isinstance(given, str) else given or ()
    return tuple(dict.fromkeys(str(word).strip() for word in words if str(word).strip()))


def _many(key: str, least: int) -> PlainValidator:
    def whole(given: Any) -> int:
        if not is_whole(given) or not least <= given <= MOST_POINTS:
            raise InputError(
                f"{given!r} points are no design",
                key=key,
                allowed=f"a whole number from {least} to {MOST_POINTS}",
            )
        return int(given)

    return PlainValidator(whole)


def _futures(given: Any) -> Any:
    if is_whole(given) and given < FEWEST_PAIRS:
        raise InputError(f"{given} futures have no deciles", key="runs", allowed=f"{FEWEST_PAIRS} or more")
    return given


class EmulationOptions(PackageOptions):
    """What is emulated, and how.

    Attributes
    ----------
    runs : int
        Futures; each is run at every point.
    lever : tuple of str
        Levers that are moved; chosen by `choose_levers` if none is named.
    also : tuple of str
        Plans that may be chosen beside the scenario and its absence: named scenarios.
    points, tests : int
        Points of the design that the emulator is fitted to, and of another one that it never sees.
    """

    runs: Runs = 40
    lever: Annotated[tuple[str, ...], PlainValidator(_levers)] = ()
    also: Annotated[tuple[str, ...], PlainValidator(_names)] = ()
    points: Annotated[int, _many("points", _FEWEST_POINTS)] = 200
    tests: Annotated[int, _many("tests", FEWEST_TESTS)] = 100
    announce: Any = Field(default=None, repr=False)

    def __init__(self, **given: Any) -> None:
        _futures(given.get("runs"))
        super().__init__(**given)
