"""Kinds of experiment: where each says how its folder is taken up again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, cast

from ..engine.errors import InputError
from .futures import PlannedRun
from .manifest import differences
from .progress import ProgressFunction
from .store import Store

_HOME_OF: Final = {"forecast": ".forecast_resumed", "sensitivity": ".sensitivity_resumed"}
"""Module of each kind, by the name that its manifest bears."""


class Rebuilt(NamedTuple):
    """What an experiment runs, as its manifest tells.

    Attributes
    ----------
    scenarios : mapping
        Scenario by name.
    plan : iterable of PlannedRun
        All its runs.
    scale : float
        Share of the many small actors that is simulated.
    """

    scenarios: Mapping[str, Any]
    plan: Iterable[PlannedRun]
    scale: float


class Kind(Protocol):
    """What the module of a kind offers."""

    def rebuilt(self, identity: Mapping[str, Any]) -> Rebuilt:
        """Give scenarios and plan from the identity in a manifest."""

    def resume(
        self,
        folder: Path,
        *,
        workers: int | None = None,
        cluster: str | None = None,
        again: bool = False,
        progress: ProgressFunction | None = None,
    ) -> int:
        """Make what is missing, then the tables; give the exit code, 1 if runs failed."""


def kind_of(folder: Path) -> tuple[str, Kind]:
    """Give the kind of an experiment, by name and as what its module offers.

    Raises
    ------
    InputError
        If the folder holds no experiment, or one of a kind that this version does not know.
    """
    name = str(Store(folder).manifest()["identity"].get("kind"))
    if name not in _HOME_OF:
        raise InputError(f"{str(folder)!r} holds a {name!r}", key="folder", allowed=", ".join(_HOME_OF))
    return name, cast(Kind, import_module(_HOME_OF[name], __package__))


def check_unchanged(folder: Path, identity: Mapping[str, Any], now: Mapping[str, Any], what: str) -> None:
    """Refuse to go on with an experiment under other rules or data: old and new runs must not be mixed.

    Parameters
    ----------
    folder : Path
        Of the experiment.
    identity, now : mapping
        What the manifest tells, and what the same experiment would be now.
    what : str
        Word for such an experiment.

    Raises
    ------
    InputError
        If the two differ, with the places.
    """
    if different := differences(identity, now):
        raise InputError(
            f"rules or data have changed since {str(folder)!r} was begun ({', '.join(different[:5])}),"
            " and its runs must not be mixed with new ones",
            key="folder",
            allowed=f"the version with which it was begun, or a new {what} in a new folder",
        )
