"""The simulated province: its people and goods, its books, and the numbers of the current step.

This is the state that the quarter works on. What touches Mesa stands in
``ecosystem.py``; what happens in a quarter stands in the files that the quarter's
page names.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from ..agents import census, enterprise, goods
from ..agents.census import CENSUS
from ..agents.kind import empty_tables
from ..engine import luck
from ..engine.books import SECTORS, Books
from ..engine.columns import number_record, row_at
from ..engine.errors import RunError
from ..engine.frozen import Frozen
from ..engine.seed_and_scale import check_scale, check_seed
from ..engine.table import Table
from .markets.demand import PRODUCERS, Demand, asked_at, met_by_sellers
from .markets.directory import Directory
from .orders import Level
from .state.calendar import Calendar
from .state.cohorts import Cohorts
from .state.finance_ledgers import Finance
from .state.first_populations import AgeDistribution
from .state.levers_in_force import in_force
from .state.now import moment
from .state.outside import OutsideWorld, outside_world
from .state.parameter_records import Terms
from .state.parameters import Values
from .state.policy import policy_of
from .state.registry import Registry
from .state.running_totals import RunningTotals
from .state.space import cumulative, distances, reach_under, zone_places
from .state.step_counts import StepCounts
from .state.sums import Sums, sum_up
from .state.support_before_the_plan import usual_levels

if TYPE_CHECKING:
    from ..agents.inputs import Levers, Moment, Parameters
    from ..agents.registering import Law, TermsOfEntry
    from ..agents.rows import (
        BankRow,
        BrokerRow,
        Census,
        ContractRow,
        EnterpriseRow,
        FundRow,
        GovernmentRow,
        IncubatorRow,
        ProducerRow,
        Tally,
        TraineeRow,
    )
    from ..engine.books import Purse
    from ..engine.quarters import Quarter
    from ..engine.table import RowArray
    from ..scenarios import Scenario
    from .call_ledger import CallLedger
    from .markets.market import Floats, Integers
    from .orders import Orders

FIRMS_SPAN: Final = 7.0
"""Years over which ``firms_2010_share`` tells how the number of firms grew."""


class Province:
    """State of one run.

    Parameters
    ----------
    scenario : Scenario
        What is assumed.
    seed : int
        Seed of the future: parameters, outside paths and all luck follow from it.
    scale : float
        Rows for each small or middle enterprise, from 0.01 to 1.

    Attributes
    ----------
    values : dict of str to float
        Behaviour, one draw for the whole run.
    steered, parameters : dict of str to float, record
        The same as it is under the levers in force.
    terms : Terms
        The same in small records for the rules.
    levers : record
        Policy in force in the current step.
    now : record
        Calendar and outside world of the current step.
    enterprises, universities, ... : Table
        One population or ledger each.
    supported : Counter
        What support programmes did in the step, by programme.
    calls : CallLedger or None
        Who applied and who won, if the run is asked to take it down.
    entry : TermsOfEntry or None
        What decides on the entry of contracts in the step; see :func:`.registration.entry_of_step`.
    orders : Orders or None
        Levers for single units, if the run is given any.
    books : Books
        All money.

    Raises
    ------
    InputError
        If the scale or the seed is not allowed.
    """

    def __init__(self, scenario: Scenario, *, seed: int, scale: float) -> None:
        check_scale(scale)
        check_seed(seed)
        self.scale = scale
        self.seed = np.uint64(seed)
        self.pack = scenario.pack()
        self.calendar = Calendar.of(scenario)
        self.values = Values(scenario.parameter_draws(seed), self.pack.folder)
        self.values.forget_what_comes(scenario.outside.observed_until)
        self.outside: OutsideWorld = outside_world(scenario, self.pack, self.values, seed)
        self.names = {
            "city": tuple(self.pack.cities["city"]),
            "field": tuple(self.pack.fields["field"]),
        }
        self.key = np.uint64(luck.key_of("province", self.pack.name))
        self._measure_space()
        self.finance = Finance(self.pack)
        self._prepare_tables()
        self._prepare_counters()
        self._orders = b""
        self.steered: dict[str, float] = {}
        self.law: Law | None = None
        self.step = -1
        self.adopt(scenario)
        self.ages = tuple(
            AgeDistribution(self.terms.firms, large, self._growth_before()) for large in (False, True)
        )
        known = self.pack.years.levels_of + 1.0
        self.usual = usual_levels(self.parameters, float(self.calendar.start.year), known)
        self.now = self.at(0)
        self.reference_capacity = 1.0
        self.first_value_scale = 1.0
        self.demand: Demand
        self.inventor_share: Floats
        self.directory: Directory
        self.cohorts: Cohorts
        self.producer_chances: tuple[Floats, Integers, Integers]

    def adopt(self, scenario: Scenario) -> None:
        """Go on under the policy of a scenario; what lies behind is not asked again."""
        self.scenario = scenario
        self.policy = policy_of(scenario, 1 + self.finance.capital)
        self._look_ahead()
        self.obey(self.step)

    def _look_ahead(self) -> None:
        """Work out, for all steps to come, what hangs on policy and outside world alone.

        One after the other they take a fifth of the time that each takes amid a step.
        """
        self._in_force: dict[bytes, dict[str, float]] = {}
        self._ahead: dict[int, tuple[Moment, Demand]] = {}
        for step in range(self.step + 1, self.calendar.steps):
            levers, now = self.policy.levers(step), self.at(step)
            orders = np.asarray(levers).tobytes()
            if orders not in self._in_force:
                self._in_force[orders] = in_force(self.values, levers)
            self._ahead[step] = now, asked_at(now.date, self.outside, self._in_force[orders])

    def obey(self, step: int) -> None:
        """Put the levers of a step in force as the scenario orders them."""
        self.put_in_force(self.policy.levers(step))

    def put_in_force(self, levers: Levers) -> None:
        """Put levers in force; parameters and distances follow if these have moved."""
        self.levers = levers
        orders = np.asarray(self.levers).tobytes()
        if orders == self._orders:
            return
        self._orders = orders
        self.reach = reach_under(
            self.kilometres,
            self.finance.capital,
            self.levers,
            self.values["distance_decay_km"],
            self.values["distance_floor"],
        )
        steered = self._in_force.get(orders) or in_force(self.values, self.levers)
        if steered != self.steered:
            self.steered = steered
            self._parameters: Parameters | None = None
            self.terms = Terms(steered)

    def levels(self, lever: str, rows: RowArray[Any]) -> list[Level]:
        """Give what a lever stands at in the step: for all, and then for those of the rows with orders."""
        level = float(getattr(self.levers, lever))
        if self.orders is None:
            return [Level(level)]
        return [Level(level), *self.orders.calls(lever, self.step, rows, level)]

    @property
    def parameters(self) -> Parameters:
        """All parameters in force as one record; made when first asked for, since few steps need it."""
        if self._parameters is None:
            self._parameters = number_record(self.steered)
        return self._parameters

    @property
    def of_the_policy(self) -> tuple[object, ...]:
        """What :meth:`adopt` makes anew: a copy that goes on under another policy need not have it."""
        return self.scenario, self.policy, self._in_force, self._ahead

    def branch(self, scenario: Scenario) -> Province:
        """Copy the province and let the copy go on under the policy of a scenario."""
        twin = Frozen(self, (self.pack,), self.of_the_policy).thaw()
        twin.adopt(scenario)
        return twin

    def _growth_before(self) -> float:
        """Growth of the number of firms a year over the five years before the start."""
        start = float(self.calendar.start.year)
        return math.log(self.firms_at(start) / self.firms_at(start - 5.0)) / 5.0

    def _prepare_tables(self) -> None:
        """Declare the populations and ledgers; the start fills them."""
        self.tables = empty_tables()
        self.enterprises = cast("Table[EnterpriseRow]", self.tables["enterprise"])
        self.producers = {kind: cast("Table[ProducerRow]", self.tables[kind]) for kind in PRODUCERS}
        self.brokers = cast("Table[BrokerRow]", self.tables["broker"])
        self.incubators = cast("Table[IncubatorRow]", self.tables["incubator"])
        self.trainees = cast("Table[TraineeRow]", self.tables["trainee"])
        self.treasuries = cast("Table[GovernmentRow]", self.tables["government"])
        self.funds = cast("Table[FundRow]", self.tables["fund"])
        self.banks = cast("Table[BankRow]", self.tables["bank"])
        self.needs = Table("needs", goods.NEED_COLUMNS)
        self.contracts = Table("contracts", goods.CONTRACT_COLUMNS)
        self.results = Table("results", goods.RESULT_COLUMNS)
        self.books = Books(self.tables, 1 + len(self.names["city"]))

    def _prepare_counters(self) -> None:
        """Set up what is counted in a step."""
        self.registry = Registry(len(self.names["city"]))
        self.counts = StepCounts(len(self.names["city"]))
        self.totals = RunningTotals()
        self.city_support = np.zeros(len(self.names["city"]))
        self.local_contracts = 0
        self.outside_budget_left = 0
        self.results_alive = np.zeros(len(SECTORS), dtype=np.int64)
        self.results_used = np.zeros(len(SECTORS), dtype=np.int64)
        self.census: Census = row_at(np.zeros(1, dtype=CENSUS), 0)
        self.results_created = 0
        self.results_seeking = 0
        self.results_contracted = 0
        self.supported: Counter[str] = Counter()
        self.seats = 0
        self._sums: Sums | None = None
        self.entry: TermsOfEntry | None = None
        self.calls: CallLedger | None = None
        self.orders: Orders | None = None

    @property
    def tally(self) -> Tally:
        """What the registry has counted in the step."""
        return self.registry.tally

    @property
    def sums(self) -> Sums:
        """Sums over accounts and small tables; taken when first asked for in a step."""
        return self._sums or self.take_sums()

    def take_sums(self) -> Sums:
        """Sum accounts and small tables up anew."""
        self._sums = sum_up(
            self.books,
            self.funds,
            self.banks,
            self.brokers,
            self.trainees,
            self.incubators,
            self.producers,
            self.pack.years.training_from,
            self.pack.years.platforms_from,
        )
        return self._sums

    @property
    def claims(self) -> RowArray[ContractRow]:
        """Contracts proposed by owners of results and holders of vouchers in the step."""
        return self.contracts.rows[self.local_contracts :]

    def _measure_space(self) -> None:
        self.kilometres = distances(self.pack)
        self.zone_places = zone_places(self.pack, self.values)
        self.zone_tenants = np.zeros(len(self.zone_places), dtype=np.int64)
        self.city_firms = cumulative(self.pack.cities["firm_share"])
        self.city_research = cumulative(self.pack.cities["rd_share"])
        self.field_sellers = cumulative(self.pack.fields["seller_share"])
        self.field_needs = cumulative(self.pack.fields["need_share"])
        shares = np.array([self.values[f"type_share_{name}"] for name in goods.TYPES])
        value = np.array([self.values[f"type_value_{name}"] for name in goods.TYPES])
        # Values of the types are relative to one another; over all types they leave the mean where it is.
        self.type_value = value * shares.sum() / float((shares * value).sum())
        # Producers sell transfers out of their stock of results, so their commissions are of the other types.
        commissioned = np.where(np.array(goods.TYPES) == "transfer", 0.0, shares)
        self.type_cumulative = {"enterprise": cumulative(shares), "producer": cumulative(commissioned)}

    @property
    def first_firms_share(self) -> float:
        """Technology firms of the first year over those of the last one that the pack knows.

        A pack that ends earlier has had fewer years in which the number could grow: decision 0049.
        """
        years = self.outside.years.last - self.outside.years.first
        return float(self.values["firms_2010_share"] ** (years / FIRMS_SPAN))

    def firms_at(self, date: float) -> float:
        """Technology firms that the province's output carries at a date.

        The number follows nominal output with the elasticity that joins the numbers of the first
        and of the last year that the pack knows, so that with constant output it is constant.
        """
        rise = 1.0 / self.outside.relative("output", self.outside.years.first + 0.5)
        share = self.first_firms_share
        relative = self.outside.relative("output", date)
        if rise <= 1.0:  # constant output: the number of the start stays
            return self.values["technology_firms_2017"] * share
        elasticity = -math.log(share) / math.log(rise)
        return float(self.values["technology_firms_2017"] * relative**elasticity)

    def measure_enterprises(self, now: Moment) -> None:
        """Bring the enterprises' derived columns up to date."""
        enterprise.measure(self.enterprises.rows, self.terms.firms, now)
        self.capacity, self.mean_value_scale = census.weigh_sellers(self.enterprises.rows)

    def at(self, step: int) -> Moment:
        """Calendar and outside world of a step, as the record that rules read."""
        return moment(self.calendar, self.outside, self.values, self.seed, step)

    def renew_demand(self) -> None:
        """Work out what is asked for in the current step."""
        self.capacity, self.mean_value_scale = census.weigh_sellers(self.enterprises.rows)
        if self.step in self._ahead:
            asked = self._ahead[self.step][1]
        else:
            asked = asked_at(self.now.date, self.outside, self.steered)
        self.demand = met_by_sellers(asked, self.steered, self.capacity, self.reference_capacity)

    def begin(self) -> None:
        """Go to the next step: calendar, levers in force, demand, clean books and counters.

        Raises
        ------
        RunError
            If the scenario is at its end.
        """
        if self.step + 1 >= self.calendar.steps:
            raise RunError(f"the scenario ends with {self.calendar.end}; there is no further step")
        self.obey(self.step + 1)
        self.go_to(self.step + 1)

    def turn_to(self, step: int) -> None:
        """Set the calendar to a step."""
        self.step = step
        self.now = self._ahead[step][0] if step in self._ahead else self.at(step)

    def go_to(self, step: int) -> None:
        """Set the calendar to a step, work out demand, and clear books and counters."""
        self.turn_to(step)
        self.renew_demand()
        self.registry.clear()
        self.counts.clear()
        self.contracts.close(0)
        self.local_contracts = 0
        self.results_contracted = 0
        self.supported.clear()
        self._sums = None
        self.entry = None
        self.books.open()

    @property
    def quarter(self) -> Quarter:
        """Quarter in which the current step lies."""
        return self.calendar.quarter_of(self.step)

    @property
    def purse(self) -> Purse:
        """Cash of all sectors, for rules that pay."""
        return self.books.purse
