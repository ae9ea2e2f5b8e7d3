"""A province of a few rows made by hand, whose numbers a test can work out on paper.

Tables, books and records are typed as in a run, so that rules compiled for a run
serve here too; nothing else of a province is made. What a test does not set is
absent: parameters are not numbers, levers stand at zero.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import partial
from types import SimpleNamespace
from typing import Any, ClassVar, cast

import numpy as np

from shaanxi_transfer.agents import goods, loan, stake, voucher
from shaanxi_transfer.agents.kind import empty_tables
from shaanxi_transfer.agents.registering import TermsOfEntry
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import CAUSE, SECTOR, SECTORS, Books
from shaanxi_transfer.engine.columns import number_record, row_at, row_dtype
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.engine.table import Table
from shaanxi_transfer.model.call_ledger import CallLedger
from shaanxi_transfer.model.markets import directory
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.state.finance_ledgers import Finance
from shaanxi_transfer.model.state.now import NOW_FIELDS
from shaanxi_transfer.model.state.parameter_records import FAMILIES, Terms
from shaanxi_transfer.model.state.running_totals import RunningTotals
from shaanxi_transfer.model.state.step_counts import StepCounts
from shaanxi_transfer.scenarios.choosing.catalogue import lever_catalogue
from shaanxi_transfer.scenarios.choosing.pack_years import shipped_years


class SmallWorld(SimpleNamespace):
    """Tables, books, parameters, levers and moment, under the names that a province gives them.

    It is the first step of 2015, a quarter long, in a province of two cities.
    """

    MEASURES: ClassVar[dict[str, float]] = {
        "firm_size_ln_sd": 0.0, "need_size_power": 1.0, "project_size_power": 1.0, "matching_size_power": 1.0,
        "value_size_power": 1.0, "firm_mean_revenue": 8.0, "size_persistence": 0.5,
    }  # fmt: skip
    """Parameters under which firms are of one size, whatever their luck."""

    REGISTERING: ClassVar[dict[str, float]] = {
        "registration_relief_rate": 0.0, "registration_relief_kept": 0.0, "registration_relief_bound": 0.0,
        "registration_other_gain": 1.0, "registration_certificate_gain": 0.0, "near_development_share": 0.0,
        "registration_service_saving": 0.0, "registration_reward_cap": 0.0, "relabelling_cost": 0.0,
        "relabelling_fine": 0.0, "split_parts_most": 1.0, "small_contract_value": 0.0,
        "office_entries_share": 0.0, "office_cost_per_contract": 0.0, "enterprise_contracts_2017": 0.0,
        "type_share_development": 1.0, "type_share_transfer": 1.0, "type_share_consulting": 1.0,
        "type_share_service": 1.0,
    }  # fmt: skip
    """Parameters under which half of the contracts at the entry threshold are registered, of any type."""

    TERMS: ClassVar[TermsOfEntry] = TermsOfEntry(
        gain=1.0, bound_gain=1.0, certified_gain=0.0, reward=0.0, reward_cap=0.0, paper=0.0,
        near_development=0.0, dressing=0.0, spared=0.0, audit=0.0, parts=1, called=0.0, small_value=0.0,
    )  # fmt: skip
    """The same for one step: a yuan of gain for each yuan of any contract, and no paper."""

    def __init__(self) -> None:
        self.pack = SimpleNamespace(years=shipped_years())
        self.seed, self.key, self.step, self.scale = np.uint64(7), np.uint64(11), 20, 1.0
        names = {name for family in FAMILIES.values() for name in family}
        self.terms = Terms(dict.fromkeys(names, math.nan))
        self.levers = number_record(dict.fromkeys(lever_catalogue(), 0.0))
        moment = np.zeros(
            1, dtype=row_dtype([("step", np.int64), *((name, np.float64) for name in NOW_FIELDS)])
        )
        moment["step"], moment["date"], moment["dt"] = self.step, 2015.0, 0.25
        self.now = row_at(moment, 0)
        self.tables = empty_tables()
        self.tables["government"].extend(3)
        self.books = Books(self.tables, 3)
        self.books.open()
        self.enterprises, self.treasuries = self.tables["enterprise"], self.tables["government"]
        self.funds, self.banks = self.tables["fund"], self.tables["bank"]
        self.brokers, self.incubators = self.tables["broker"], self.tables["incubator"]
        self.trainees = self.tables["trainee"]
        self.producers = {kind: self.tables[kind] for kind in SECTORS[:3]}
        self.results = Table("results", goods.RESULT_COLUMNS)
        self.needs = Table("needs", goods.NEED_COLUMNS)
        self.contracts = Table("contracts", goods.CONTRACT_COLUMNS)
        self.finance = SimpleNamespace(
            loans=Table("loans", loan.COLUMNS),
            stakes=Table("stakes", stake.COLUMNS),
            vouchers=Table("vouchers", voucher.COLUMNS),
            redeemed=np.zeros(len(voucher.PROGRAMMES), dtype=np.int64),
            carried={},
            founded={},
            capital=0,
        )
        self.finance.due = partial(Finance.due, cast(Any, self.finance))
        self.values: dict[str, float] = {}
        self.law: Any = None
        self.entry: Any = None
        self.totals, self.counts = RunningTotals(), StepCounts(2)
        self.supported: Counter[str] = Counter()
        self.calls: CallLedger | None = None
        self.orders: Any = None

    levels = Province.levels

    @property
    def quarter(self) -> Quarter:
        """Quarter of the step."""
        return Quarter(2015, 1)

    @property
    def purse(self) -> Any:
        """Cash of every sector."""
        return self.books.purse

    @property
    def flows(self) -> Any:
        """Yuan moved, by cause and parties."""
        return self.books.flows

    @property
    def public(self) -> Any:
        """Yuan out of the treasuries, by task."""
        return self.books.public

    def set(self, family: str, **numbers: float) -> Any:
        """Give some parameters of a family their numbers; gives the record."""
        record = getattr(self.terms, family)
        for name, number in numbers.items():
            setattr(record, name, number)
        return record

    def add(self, table: Table[Any], **columns: Any) -> Any:
        """Add a row with a key of its own and, if it has members, one of them; opens the books."""
        row = table.extend(1)[0]
        fields = row.dtype.names
        given = {"members": 1, "key": 1000 * (1 + SECTORS.index("enterprise")) + len(table), **columns}
        for name, value in given.items():
            if name in fields:
                setattr(row, name, value)
            elif name in columns:
                raise KeyError(name)
        self.books.open()
        return row

    def firm(self, **columns: Any) -> Any:
        """Add an enterprise."""
        return self.add(self.enterprises, **columns)

    def listing(self, reach: Any = None) -> Any:
        """Enter the selling enterprises of two fields in the directory; all cities are within reach."""
        firms: Any = self.enterprises.rows
        sellers = directory.Directory(2, firms)
        sellers.enter(firms)
        return sellers.listing(np.ones((2, 2)) if reach is None else reach)

    def paid(self, cause: str, payer: str, payee: str) -> int:
        """Yuan that went from one sector to another for a cause."""
        return int(self.flows[CAUSE[cause], SECTOR[payer], SECTOR[payee]])

    def cash(self, sector: str, row: int = 0) -> int:
        """Yuan that a row has."""
        return int(self.purse[SECTOR[sector]][row])

    def draw(self, mechanism: Any, key: Any, k: int = 0, step: int | None = None) -> float:
        """Give the first number that luck has for a row in the step."""
        return luck.draw_uniform(
            int(self.seed), int(mechanism), int(key), self.step if step is None else step, k
        )

    def two(self, mechanism: Any, key: Any, step: int, k: int = 0) -> tuple[float, float]:
        """Give the two numbers that luck has for a row."""
        with np.errstate(over="ignore"):
            first, second = luck.two_uniforms(self.seed, mechanism, np.uint64(key), step, k)
        return float(first), float(second)

    def stream(self, mechanism: Any, key: Any, step: int) -> Any:
        """Give the stream of luck that a row has in a step; typed as rules hand it on."""
        with np.errstate(over="ignore"):
            return np.uint64(luck.stream(self.seed, mechanism, np.uint64(key), step))

    def hazard(self, chance: float) -> float:
        """Give the yearly hazard whose chance in the step is ``chance``."""
        return -math.log1p(-chance) / float(self.now.dt)
