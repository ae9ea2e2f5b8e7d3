"""What an experiment needs to know of indicators and targets to make tables of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from ...engine.errors import RunError
from ...scenarios.choosing.pack_years import shipped_years

LAST_YEAR: Final = shipped_years().last
"""Last year of the packs that come with the package: their evidence knows nothing later. Of any other pack it
is `Pack.years`."""

Kind = Literal["flow", "stock", "ratio"]


class IndicatorLike(Protocol):
    """What the tables need of an indicator's definition."""

    @property
    def unit(self) -> str:
        """Unit of the value."""

    @property
    def kind(self) -> Kind:
        """``flow``, ``stock`` or ``ratio``."""


class TargetLike(Protocol):
    """What the tables need of a target's definition."""

    @property
    def indicator(self) -> str:
        """Indicator that is held against the goal where one number is asked for."""

    @property
    def countings(self) -> Mapping[str, str]:
        """Indicators that are held against the goal, by the name of the way of counting; that one first."""

    @property
    def goal(self) -> float:
        """Value to be reached."""

    @property
    def unit(self) -> str:
        """Unit of the goal."""

    @property
    def year(self) -> int:
        """Calendar year in which the goal is judged."""

    @property
    def how(self) -> Literal["flow_of_year", "stock_at_end", "mean_of_year"]:
        """Whether the year's sum, the level at its end or the mean of a ratio is judged."""


@dataclass(frozen=True, slots=True)
class Definitions:
    """What an experiment counts, and which goals it is held against.

    Attributes
    ----------
    indicators : mapping
        Definition by indicator; ``contract_value_output.xian`` is found under its
        own name or under ``contract_value_output``.
    targets : mapping
        Definition by target.
    declared : bool
        Whether the targets are those that a scenario declares, not those of the shipped plan.
    """

    indicators: Mapping[str, IndicatorLike]
    targets: Mapping[str, TargetLike]
    declared: bool = False

    @property
    def counted(self) -> frozenset[str]:
        """Indicators that are held against a goal, by any way of counting."""
        return frozenset(one for target in self.targets.values() for one in target.countings.values())

    def of(self, indicator: str) -> IndicatorLike:
        """Find the definition of an indicator.

        Raises
        ------
        RunError
            If a record carries an indicator that nobody defined.
        """
        for name in (indicator, indicator.partition(".")[0]):
            if name in self.indicators:
                return self.indicators[name]
        raise RunError(f"the record carries {indicator!r}, which has no definition")


def check_targets(definitions: Definitions) -> None:
    """Refuse a target that judges a stock by its sum or a flow by its last quarter.

    Raises
    ------
    RunError
        If a target's way of judging does not fit its indicator's kind: a defect of the definitions.
    """
    fits = {"flow": "flow_of_year", "stock": "stock_at_end", "ratio": "mean_of_year"}
    for name, target in definitions.targets.items():
        for counted in target.countings.values():
            indicator = definitions.indicators.get(counted)
            if indicator is not None and fits.get(indicator.kind) != target.how:
                raise RunError(f"target {name!r} judges a {indicator.kind} by {target.how!r}")
