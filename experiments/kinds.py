"""Kinds of experiment: where each says how its folder is taken up again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, cast

from ..engine.errors import InputError
from .futures import PlannedRun
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
