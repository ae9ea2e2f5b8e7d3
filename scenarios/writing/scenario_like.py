"""What of a scenario is written down: the files that write know no more of it than this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from ...engine.quarters import Quarter
from ..choosing.dated_paths import FloatArray
from ..choosing.declared_targets import DeclaredTarget
from ..choosing.schema import OutsideOptions, Parameter

__all__ = ["ScenarioLike"]


class ScenarioLike(Protocol):
    """A scenario as it is written and compared; see `scenario.Scenario` for what each means."""

    @property
    def name(self) -> str:
        """Short name."""

    @property
    def base(self) -> str | None:
        """What the file was laid over."""

    @property
    def overlays(self) -> tuple[str, ...]:
        """What was laid over it."""

    @property
    def levers(self) -> Mapping[str, Any]:
        """Choice by selector."""

    @property
    def targets(self) -> Mapping[str, DeclaredTarget]:
        """Declared targets; none for those of the shipped plan."""

    @property
    def parameters(self) -> Mapping[str, float]:
        """Parameters that are held."""

    @property
    def outside(self) -> OutsideOptions:
        """How the world outside moves."""

    @property
    def end(self) -> str:
        """Last quarter."""

    @property
    def plan_start(self) -> str:
        """First quarter in which anything may differ."""

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """All quarters in order."""

    @property
    def hash(self) -> str:
        """Content hash."""

    def model_dump(self, *, exclude: Any = None) -> dict[str, Any]:
        """Give the fields as plain entries."""

    def parameter_table(self) -> Mapping[str, Parameter]:
        """Give every parameter."""

    def quarterly_lever_paths(self) -> Mapping[str, FloatArray]:
        """Give each lever's value by quarter."""
