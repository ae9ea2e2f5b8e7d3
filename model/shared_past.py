"""One past, many presents: scenarios that order the same live it once, and part where their policies do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from ..scenarios.choosing.adjustments import ADJUSTMENTS
from .ecosystem import Ecosystem, Past, going_on, own_rules
from .state.policy import Policy, policy_of
from .state.space import capital_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..engine.frozen import Frozen
    from ..scenarios import Scenario
    from .indicators.from_outside import OwnIndicator
    from .own_rules import OwnRules
    from .record import Record

_POLICY: Final = frozenset(
    {"name", "title_en", "title_zh", "note", "base", "overlays", "levers", "plan_start", *ADJUSTMENTS}
)
"""Fields of a scenario that do not say what the world is like."""


def other_fields(one: Scenario, other: Scenario) -> list[str]:
    """Name the fields, beside policy, in which two scenarios differ."""
    fields = [field for field in type(one).model_fields if field not in _POLICY]
    return [field for field in fields if getattr(one, field) != getattr(other, field)]


def same_world(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios differ by policy at most."""
    return not other_fields(one, other)


def live(ecosystem: Ecosystem, scenarios: dict[int, Scenario], records: dict[int, Record]) -> None:
    """Step a model on for several scenarios, and let it branch where their policies part."""
    province = ecosystem.province
    policies = {i: policy_of(scenario, 1 + province.finance.capital) for i, scenario in scenarios.items()}
    while ecosystem.running:
        first, *others = parties(policies, province.step + 1)
        if others:
            past = ecosystem.freeze()
            for party in others:
                go_on(past, party, scenarios, ecosystem.own_rules, records)
            # This model goes on for the first party, under a scenario of its own.
            policies = {i: policies[i] for i in first}
            province.adopt(scenarios[first[0]])
        ecosystem.step()
    record = ecosystem.record()
    ecosystem.release()
    records.update(dict.fromkeys(policies, record))


def go_on(
    past: Frozen[Past],
    party: Sequence[int],
    scenarios: Mapping[int, Scenario],
    rules: OwnRules,
    records: dict[int, Record],
) -> None:
    """Go on from a past for those scenarios that order the same in its next step."""
    live(going_on(past, scenarios[party[0]], rules), {i: scenarios[i] for i in party}, records)


def parties(policies: Mapping[int, Policy], step: int) -> list[list[int]]:
    """Put together those policies that order the same in a step."""
    parties: dict[object, list[int]] = {}
    for i, policy in policies.items():
        parties.setdefault(policy.orders(step), []).append(i)
    return list(parties.values())


def steps_in_common(one: Scenario, other: Scenario) -> int:
    """Count the steps from the start in which two scenarios live the same, whatever the future.

    They do until the first lever in force, or cost that falls due, is another: nobody in the model knows of
    a lever before it is in force.
    """
    if not same_world(one, other):
        return 0
    treasury = 1 + capital_of(one.pack())
    return _first_unlike(policy_of(one, treasury), policy_of(other, treasury))


def _first_unlike(one: Policy, other: Policy) -> int:
    """Give the first step in which two policies order something else; without one, how many there are."""
    return next((step for step in range(one.steps) if one.orders(step) != other.orders(step)), one.steps)


REMEMBERED: Final = 2
"""Records that a kept future remembers, the latest: what all policies are held against is run once."""


class KeptFuture:
    """One future, lived once, from which any policy goes on that ordered nothing else until then.

    Parameters
    ----------
    scenario : Scenario
        Under which the past is lived.
    steps : int
        How many steps of it, 0 or more.
    seed, scale, rules, indicators
        As for `model.run`.

    Attributes
    ----------
    scenario : Scenario
    steps : int
    """

    def __init__(
        self,
        scenario: Scenario,
        steps: int,
        *,
        seed: int = 1,
        scale: float = 0.1,
        rules: OwnRules | Mapping[str, Callable[..., object]] | None = None,
        indicators: Mapping[str, OwnIndicator] | None = None,
    ) -> None:
        self.scenario, self.steps = scenario, steps
        self._rules = own_rules(rules)
        with np.errstate(over="ignore"):
            ecosystem = Ecosystem(scenario, seed, scale, rules=self._rules, indicators=indicators)
            for _ in range(steps):
                ecosystem.step()
            self._past = ecosystem.freeze(packed=True)
            self._of_a_record = 8 * len(ecosystem.recorder.names) * ecosystem.province.calendar.steps
            ecosystem.release()
        self._remembered: dict[object, Record] = {}

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it takes, with the records that it will remember."""
        return self._past.nbytes + REMEMBERED * self._of_a_record

    def run(self, scenarios: Sequence[Scenario]) -> list[Record]:
        """Run what is left, for several scenarios.

        Returns
        -------
        list of Record
            In the order of ``scenarios``; each the same to the bit as `model.run` gives.

        Raises
        ------
        ValueError
            If a scenario orders another past; see :func:`steps_in_common`.
        RunError
            As for `model.run`.
        """
        treasury = 1 + capital_of(self.scenario.pack())
        some = dict(enumerate(scenarios))
        policies = {i: policy_of(scenario, treasury) for i, scenario in some.items()}
        lived = policy_of(self.scenario, treasury)
        for i, policy in policies.items():
            if not same_world(self.scenario, some[i]) or _first_unlike(lived, policy) < self.steps:
                raise ValueError(f"{some[i].name!r} orders another past than {self.scenario.name!r}")
        left = {
            i: tuple(map(policy.orders, range(self.steps, policy.steps))) for i, policy in policies.items()
        }
        new = {i: policy for i, policy in policies.items() if left[i] not in self._remembered}
        records = {i: self._remembered[left[i]] for i in some if i not in new}
        with np.errstate(over="ignore"):
            for party in parties(new, self.steps):
                go_on(self._past, party, some, self._rules, records)
        asked = {left[i]: records[i] for i in some}
        older = {orders: record for orders, record in self._remembered.items() if orders not in asked}
        self._remembered = dict([*older.items(), *asked.items()][-REMEMBERED:])
        return [records[i] for i in some]
