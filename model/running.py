"""The only door to the model: a scenario and a seed go in, a record comes out.

Scenarios of one future that differ by policy alone share their history to the bit,
so that a batch lives it once and lets the worlds part where their levers do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from ..scenarios.choosing.adjustments import ADJUSTMENTS
from .ecosystem import Ecosystem, own_rules
from .record import Record
from .state.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..scenarios import Scenario
    from .indicators.from_outside import OwnIndicator
    from .orders import Order
    from .own_rules import OwnRules
    from .watch import Watch

    Rules = OwnRules | Mapping[str, Callable[..., object]] | None
    Indicators = Mapping[str, OwnIndicator] | None


def run(
    scenario: Scenario | str,
    *,
    seed: int = 1,
    scale: float = 0.1,
    rules: Rules = None,
    indicators: Indicators = None,
    watch: Watch | None = None,
    orders: Sequence[Order] = (),
) -> Record:
    """Run the province through a scenario.

    Parameters
    ----------
    scenario : Scenario or str
        What is assumed, or the name of a scenario.
    seed : int
        Seed of the future; the same seed gives the same outside world and the same
        luck in every scenario.
    scale : float
        Rows for each small or middle enterprise, 0.01 to 1.
    rules, indicators : mapping, optional
        From outside; see `Ecosystem`.
    watch : Watch, optional
        Take down single units and calls of programmes as well, in ``Record.tables``; needs scale 1.
    orders : sequence of Order, optional
        Levers for single units, to enact what reached some and not others; needs scale 1 and an end in 2017.

    Returns
    -------
    Record
        The same bytes for the same scenario, seed and scale on one platform.

    Raises
    ------
    InputError
        If the scenario, the seed, the scale, an order, or a rule or indicator from outside is not allowed,
        or single units are watched below scale 1.
    RunError
        If an indicator is not a finite number.
    """
    # Hash arithmetic wraps around on purpose; plain (uncompiled) NumPy would warn of it.
    with np.errstate(over="ignore"):
        ecosystem = Ecosystem(
            scenario,
            seed=seed,
            scale=scale,
            rules=rules,
            indicators=indicators,
            watch=watch,
            orders=orders,
        )
        while ecosystem.running:
            ecosystem.step()
        record = ecosystem.record()
        ecosystem.release()
        return record


_POLICY: Final = frozenset(
    {"name", "title_en", "title_zh", "note", "base", "overlays", "levers", "plan_start", *ADJUSTMENTS}
)
"""Fields of a scenario that do not say what the world is like."""


def run_together(
    scenarios: Sequence[Scenario],
    *,
    seed: int = 1,
    scale: float = 0.1,
    rules: Rules = None,
    indicators: Indicators = None,
) -> list[Record]:
    """Run several scenarios through one future; the history they share is lived once.

    Parameters
    ----------
    scenarios : sequence of Scenario
    seed : int
        Seed of the future.
    scale, rules, indicators
        As for :func:`run`.

    Returns
    -------
    list of Record
        In the order of ``scenarios``; each the same to the bit as :func:`run` gives.

    Raises
    ------
    InputError, RunError
        As for :func:`run`.
    """
    records: dict[int, Record] = {}
    own = own_rules(rules)
    with np.errstate(over="ignore"):
        left = list(range(len(scenarios)))
        while left:
            world = scenarios[left[0]]
            alike = [i for i in left if _same_world(world, scenarios[i])]
            left = [i for i in left if i not in alike]
            ecosystem = Ecosystem(world, seed, scale, rules=own, indicators=indicators)
            _live(ecosystem, {i: scenarios[i] for i in alike}, records)
    return [records[i] for i in range(len(scenarios))]


def _same_world(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios differ by policy at most."""
    return all(
        getattr(one, field) == getattr(other, field)
        for field in type(one).model_fields
        if field not in _POLICY
    )


def _live(ecosystem: Ecosystem, scenarios: dict[int, Scenario], records: dict[int, Record]) -> None:
    """Step a model on for several scenarios, and let it branch where their policies part."""
    province = ecosystem.province
    policies = {i: Policy(scenario, 1 + province.finance.capital) for i, scenario in scenarios.items()}
    while ecosystem.running:
        parties: dict[object, list[int]] = {}
        for i, policy in policies.items():
            parties.setdefault(policy.orders(province.step + 1), []).append(i)
        first, *others = parties.values()
        for party in others:
            _live(ecosystem.branch(scenarios[party[0]]), {i: scenarios[i] for i in party}, records)
        if others:
            # This model goes on for the first party, under a scenario of its own.
            policies = {i: policies[i] for i in first}
            province.adopt(scenarios[first[0]])
        ecosystem.step()
    record = ecosystem.record()
    ecosystem.release()
    records.update(dict.fromkeys(policies, record))
