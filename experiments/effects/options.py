"""What a person may ask of packages of levers: one frozen record, below those of ranking and sharing out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from ...engine.errors import InputError
from ..planning import door_to_model
from ..planning.countings import check_countings
from ..planning.options import FuturesOptions, Runs, WorldOptions

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["PackageOptions"]

FEWEST_FUTURES: Final = 2


def _names(given: Any) -> tuple[str, ...]:
    words = given.split(",") if isinstance(given, str) else given or ()
    return tuple(dict.fromkeys(str(word).strip() for word in words if str(word).strip()))


def _pairs(runs: int) -> int:
    if runs < FEWEST_FUTURES:
        raise InputError(f"{runs} future has no spread", key="runs", allowed=f"{FEWEST_FUTURES} or more")
    return runs


class PackageOptions(WorldOptions, FuturesOptions):
    """What makes an experiment with packages of a scenario's levers.

    Attributes
    ----------
    runs : int
        Futures, two or more; each is run in every package.
    target : tuple of str
        Targets, indicators or a cost that are asked for, also with commas between; every target by default.
    counting : dict of str to str
        Way of counting that is meant, by target; see `countings.counted_as`.
    outside : Path, optional
        CSV in the panel's form, whose later rows replace the drawn outside paths.
    belief : str, optional
        ``posterior``, ``prior``, or the folder of a calibration; the scenario's own by default.
    announce : callable, optional
        Called before the start with a `package_runs.Announcement`. If it raises, nothing is made.
    """

    runs: Annotated[Runs, AfterValidator(_pairs)] = 100
    target: Annotated[tuple[str, ...], PlainValidator(_names)] = ()
    counting: Annotated[dict[str, str], PlainValidator(check_countings)] = Field(default_factory=dict)
    outside: Path | None = None
    belief: Annotated[str, BeforeValidator(str)] | None = None
    announce: Callable[..., None] | None = Field(default=None, repr=False)

    def loaded(self) -> Scenario:
        """Load the scenario as it is asked for: changed, in its province, under its belief."""
        changed = door_to_model.changed(self.scenario, self.changes)
        return door_to_model.loaded(changed, province=self.province, outside=self.outside, belief=self.belief)
