"""The only door to the model: a scenario and a seed go in, a record comes out.

Scenarios of one future that differ by policy alone share their history to the bit,
so that a batch lives it once and lets the worlds part where their levers do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .ecosystem import Ecosystem, own_rules
from .record import Record
from .shared_past import live, same_world

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
            alike = [i for i in left if same_world(world, scenarios[i])]
            left = [i for i in left if i not in alike]
            ecosystem = Ecosystem(world, seed, scale, rules=own, indicators=indicators)
            live(ecosystem, {i: scenarios[i] for i in alike}, records)
    return [records[i] for i in range(len(scenarios))]
