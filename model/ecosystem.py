"""The province as a Mesa model, and the quarter on one page."""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import mesa
from mesa.agent import AgentSet

from ..agents.kind import kinds
from ..agents.view import RowView
from ..engine.frozen import Frozen
from ..engine.seed_and_scale import check_scale, check_seed
from .call_ledger import CallLedger
from .indicators.from_outside import OwnIndicator, own_indicators
from .order_checks import checked_orders
from .own_rules import OwnRules, Rule, replaceable_rules
from .province import Province
from .quarter import (
    capacity,
    city_competition,
    city_funds,
    finance,
    firms,
    grant_programmes,
    management,
    registration,
    research,
    results,
    support_contracts,
    trade,
    ventures,
)
from .record import Record, Recorder
from .recorded_columns import CALL, UNITS
from .start import new_province
from .unit_panel import UnitPanel
from .watch import Watch, frame

if TYPE_CHECKING:
    import pandas as pd

    from ..scenarios import Scenario
    from .orders import Order


class Past(NamedTuple):
    """What a model has lived through, and what it has taken down."""

    province: Province
    recorder: Recorder
    panel: UnitPanel | None


class _Views(NamedTuple):
    """Actors as Mesa agents after a step. Mesa's sets hold them weakly, hence the list."""

    step: int | None = None
    held: Sequence[RowView] = ()
    all: Any = None
    by_type: Mapping[type[RowView], Any] = {}


def _under_own_rules(step: Callable[[Ecosystem], None]) -> Callable[[Ecosystem], None]:
    """Let rules from outside stand while a step is made."""

    @functools.wraps(step)
    def stepped(ecosystem: Ecosystem) -> None:
        with ecosystem.own_rules.in_force():
            step(ecosystem)

    return stepped


class Ecosystem(mesa.Model):  # type: ignore[misc]
    """The innovation ecosystem of a province.

    Parameters
    ----------
    scenario : Scenario or str
        What is assumed, or the name of a scenario.
    seed : int
        Seed of the future.
    scale : float
        Rows for each small or middle enterprise, 0.01 to 1.
    rules : mapping of str to callable, optional
        Rules from outside, by the name of the rule that each replaces; `rules_of_the_quarter` lists them.
    indicators : mapping of str to tuple, optional
        Indicators from outside: function of the province, unit, kind, title_en, title_zh.
    watch : Watch, optional
        What to take down of single units; needs scale 1.
    orders : sequence of Order, optional
        Levers for single units; need scale 1.
    past : Past, optional
        What another model has lived through, as this one's own from now on; see :meth:`freeze`.

    Attributes
    ----------
    province : Province
        The state: tables, books, parameters.
    agents, agents_by_type
        Mesa's sets of agents, made when first looked at after a step.
    """

    def __init__(
        self,
        scenario: Scenario | str,
        seed: int = 1,
        scale: float = 0.1,
        *,
        rules: OwnRules | Mapping[str, Callable[..., object]] | None = None,
        indicators: Mapping[str, OwnIndicator] | None = None,
        watch: Watch | None = None,
        orders: Sequence[Order] = (),
        past: Past | None = None,
    ) -> None:
        check_seed(seed)
        check_scale(scale)
        # Mesa's own generator is never drawn from: luck is a function of the seed.
        super().__init__(rng=seed)
        self._of_mesa = tuple(vars(self))
        if isinstance(scenario, str):
            from ..scenarios import load

            scenario = load(scenario)
        if watch is not None:
            watch.check(scenario, scale)
        self.own_rules = own_rules(rules)
        if past is None:
            with self.own_rules.in_force():
                self.province = new_province(scenario, seed=seed, scale=scale)
            self.recorder = Recorder(self.province, own_indicators(indicators))
            self.panel: UnitPanel | None = None
        else:
            self.province, self.recorder, self.panel = past
            self.province.adopt(scenario)
        if orders:
            self.province.orders = checked_orders(orders, self.province)
        if watch is not None:
            self.panel = UnitPanel(self.province, watch.units)
            self.province.calls = CallLedger(watch.programmes)
        self.names = self.province.names
        self._views = _Views()

    @_under_own_rules
    def step(self) -> None:
        """One step of time, in the order of the world."""
        province = self.province

        # 1. Policy: calendar, levers in force, budgets of the treasuries, what departments do about gaps.
        province.begin()
        research.fund_treasuries(province)
        management.act_on_gaps(province)
        capacity.commission(province)

        # 2. Research: enterprises earn and spend, producers do research.
        firms.renew_once_a_year(province)
        firms.share_out_research(province)
        firms.operate(province)
        research.do_research(province)
        results.create(province)

        # 3. and 4. Disclosure and maturing: what is known, listed, tested; earlier deals show their outcome.
        results.develop(province)
        grant_programmes.support_pilots(province)

        # 5. Needs: what is met or too old goes, new ones are voiced.
        trade.let_needs_lapse(province)
        trade.voice_needs(province)

        # 6. Matching: the world beyond buys here, local buyers look for sellers.
        trade.sell_outside(province)
        trade.meet_local_needs(province)
        results.offer(province)

        # 7. Finance: vouchers look for partners, banks decide on loans, funds buy stakes, grants are paid.
        support_contracts.issue_vouchers(province)
        finance.lend(province)
        finance.invest(province)
        grant_programmes.support_firms(province)

        # 8. Contracting: money moves, the registry takes note.
        trade.conclude_contracts(province)
        support_contracts.redeem_vouchers(province)
        results.hand_over(province)
        results.use_in_commissions(province)

        # 9. Outcome: loans and stakes that are due, habits, certificates, exits.
        if self.panel is not None:
            self.panel.look_at_deals(province)
        finance.settle_what_is_due(province)
        firms.adopt_registration(province)
        research.adopt_registration(province)
        firms.certify(province)
        firms.close_down(province)

        # 10. Entry: firms elsewhere come in, inventors, researchers and owners found, student teams too.
        firms.enter(province)
        ventures.found_on_results(province)
        ventures.found_by_people(province)
        ventures.found_by_owners(province)
        ventures.found_joint_firms(province)
        grant_programmes.plant_micro_seeds(province)

        # 11. Capacity: brokers, people trained for transfer, incubators and maker spaces, zones.
        capacity.renew_brokers(province)
        capacity.train_people(province)
        capacity.renew_platforms(province)
        firms.enter_zones(province, province.now.date)

        # ... fund-raising, and what it costs to run all this.
        finance.raise_funds(province)
        city_funds.found_public_funds(province)
        province.policy.administration.pay(province.step, province.books)
        registration.pay_for_registration(province)
        city_competition.remember_support(province)

        # 12. Observe, and close the books.
        results.take_stock(province)
        firms.take_stock(province)
        management.note_turnover(province)
        self.recorder.observe(province)
        if self.panel is not None:
            self.panel.observe(province)
        province.books.close()
        firms.tidy(province)
        capacity.tidy(province)
        results.forget_the_old(province)
        self.running = province.step + 1 < province.calendar.steps

    def branch(self, scenario: Scenario) -> Ecosystem:
        """Copy this model and let the copy go on under another policy.

        Parameters
        ----------
        scenario : Scenario
            Differs from this one's in levers that have not moved yet.

        Returns
        -------
        Ecosystem
            It shares nothing that a step changes.
        """
        return going_on(self.freeze(), scenario, self.own_rules)

    def freeze(self, packed: bool = False) -> Frozen[Past]:
        """Give what was lived through so far, from which models may go on; see :func:`going_on`.

        Parameters
        ----------
        packed : bool
            Whether it is to take little memory, because many are kept.
        """
        past = Past(self.province, self.recorder, self.panel)
        shared = (self.province.pack, self.recorder.read_own)
        return Frozen(past, shared, self.province.of_the_policy, packed)

    def __copy__(self) -> Ecosystem:
        """Copy deeply: two models with one province would move each other."""
        return copy.deepcopy(self)

    def release(self) -> None:
        """Let go of what keeps the model alive, when it will not be stepped again.

        Mesa keeps bound methods of the model in the model; without this only Python's
        collector would free a finished run, some hundred runs later.
        """
        for name in self._of_mesa:
            self.__dict__.pop(name, None)

    def record(self) -> Record:
        """Indicators of the quarters so far, and tables of single units if they are watched."""
        return self.recorder.record(self._tables())

    def _tables(self) -> Mapping[str, pd.DataFrame]:
        """Tables of what is watched so far."""
        tables: dict[str, pd.DataFrame] = {}
        if self.panel is not None:
            for unit in self.panel.quarters:
                tables[unit] = frame(self.panel.table(unit), UNITS[unit], self.names)
        if self.province.calls is not None:
            tables["call"] = frame(self.province.calls.table(), CALL, self.names)
        return tables

    def frame(self, kind: type[RowView]) -> pd.DataFrame:
        """Give the actors of a kind as they are now.

        Parameters
        ----------
        kind : type of RowView
            For example ``Enterprise``.

        Returns
        -------
        pandas.DataFrame
            One row an actor, one column for each of its properties (see the kind's ``KIND.columns`` for units
            and meanings); codes as categories with names.
        """
        return frame(self.province.tables[kind.KIND.sector].rows, kind.KIND.columns, self.names)

    def __repr__(self) -> str:
        """Say which world it is, and when."""
        now = self.province.quarter
        return f"<Ecosystem of {self.province.pack.name}, {now}, scale {self.province.scale:g}>"

    @property
    def agents(self) -> Any:
        """All actors as Mesa agents."""
        return self._look().all

    @property
    def agents_by_type(self) -> Any:
        """Actors by kind as Mesa agents, for example ``model.agents_by_type[Enterprise]``."""
        return self._look().by_type

    def _look(self) -> _Views:
        """Make the views anew if a step went by since they were last made."""
        step = self.province.step
        if self._views.step != step:
            views: dict[type[RowView], list[RowView]] = {}
            for kind in kinds():
                table, view = self.province.tables[kind.sector], RowView.OF[kind.sector]
                if len(table):
                    views[view] = [view(self, table, row) for row in range(len(table))]
            everybody = [view for each in views.values() for view in each]
            by_type = {view: AgentSet(each, random=self.random) for view, each in views.items()}
            self._views = _Views(step, everybody, AgentSet(everybody, random=self.random), by_type)
        return self._views


def going_on(past: Frozen[Past], scenario: Scenario, rules: OwnRules) -> Ecosystem:
    """Let a model go on from a past under the policy of a scenario.

    Parameters
    ----------
    past : Frozen of Past
        Lived under a policy that ordered the same so far; it stays as it is.
    scenario : Scenario
    rules : OwnRules
        Those under which the past was lived.
    """
    lived = past.thaw()
    return Ecosystem(scenario, int(lived.province.seed), lived.province.scale, rules=rules, past=lived)


def rules_of_the_quarter() -> Mapping[str, Rule]:
    """Give every rule that may be replaced from outside: what the page calls, and what that calls."""
    return replaceable_rules(inspect.unwrap(Ecosystem.step))


def own_rules(given: OwnRules | Mapping[str, Callable[..., object]] | None) -> OwnRules:
    """Check rules from outside, once for any number of runs.

    Raises
    ------
    InputError
        If there is no such rule, or a function has other arguments.
    """
    return given if isinstance(given, OwnRules) else OwnRules(given or {}, inspect.unwrap(Ecosystem.step))
