"""A province of plain Mesa agents: copied from a province, after which nothing is shared with it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np
from plain_agents import Enterprise, MilitaryUnit, Organisation, ResearchInstitute, Treasury, University
from plain_goods import Contract, Holder, Need, Registry
from plain_luck import Luck, SameLuck

from shaanxi_transfer.engine.books import SECTORS
from shaanxi_transfer.model.markets.demand import PRODUCERS
from shaanxi_transfer.model.province import Province


def numbers_of(record: Any) -> SimpleNamespace:
    """Copy a record's numbers into an object with plain Python attributes."""
    return SimpleNamespace(**dict(zip(record.dtype.names, record.item(), strict=True)))


def steps_of(cumulative: np.ndarray) -> list[float]:
    """Where the next code begins, to be searched by bisection."""
    return [float(share) for share in cumulative[:-1]]


class PlainProvince(mesa.Model):
    """Enterprises, producers and treasuries of a province as objects.

    Parameters
    ----------
    province : Province
        Copied from; it has begun its step.
    luck : Luck, optional
        The model's own by default.
    """

    def __init__(self, province: Province, luck: Luck | None = None) -> None:
        super().__init__(rng=1)
        self.luck: Luck = SameLuck(int(province.seed)) if luck is None else luck
        self.now = numbers_of(province.now)
        self.terms = numbers_of(province.parameters)
        self.registry = Registry()
        self.flows: Counter[tuple[str, str, str]] = Counter()
        self.research_by_city: Counter[int] = Counter()
        self._copy_actors(province)
        self._copy_demand(province)
        self._work_out_hazards()
        self.patience = round(province.values["need_expiry_quarters"] * province.calendar.steps_per_quarter)
        self.take_needs(province.needs.rows)
        self.contracts: list[Contract] = []

    def release(self) -> None:
        """Let go of all it holds; Mesa's class of agents may keep the empty model itself."""
        self.remove_all_agents()
        self.__dict__.clear()

    def take_needs(self, needs: Iterable[Any]) -> None:
        """Take over who wants what."""
        self.needs = [
            Need(
                row.key.item(),
                self.found.get((SECTORS[row.buyer_sector], int(row.buyer_row))),
                *(int(row[name]) for name in ("type", "field", "units", "budget", "expires", "open")),
            )
            for row in needs
        ]

    def _copy_actors(self, province: Province) -> None:
        holders = province.books.holders
        self.outside = Holder("outside", int(holders["outside"].rows["cash"][0]))
        self.households = Holder("households", int(holders["households"].rows["cash"][0]))
        found: dict[tuple[str, int], Organisation] = {}
        for kind in (Enterprise, University, ResearchInstitute, MilitaryUnit, Treasury):
            rows = province.tables[kind.sector].rows
            for number, state in enumerate(rows.tolist()):
                columns = dict(zip(rows.dtype.names or (), state, strict=True))
                found[kind.sector, number] = kind(self, number, columns)
        self.found: Any = found

    def _copy_demand(self, province: Province) -> None:
        demand, values, dt = province.demand, province.values, self.now.dt
        public, military = values["government_need_share"], values["military_need_share"]
        local = demand.local * dt
        self.wanted = {
            "government": local * public,
            "military_unit": local * province.steered["military_need_share"],
            "enterprise": local * (1.0 - public - military),
        }
        self.own_field_share = {
            "government": 0.0,
            "military_unit": 0.5,
            "enterprise": 1.0 - values["cross_field_share"],
        }
        self.field_steps = steps_of(province.field_needs)
        self.type_steps = {name: steps_of(shares) for name, shares in province.type_cumulative.items()}
        self.type_value = province.type_value.tolist()
        self.sales_wanted = {kind: demand.outside_producer[kind] * dt for kind in PRODUCERS}
        self.sales_wanted["enterprise"] = demand.outside_enterprise * dt
        self.sale_value = {**demand.producer_value, "enterprise": demand.mean_value}
        self.sale_types = {kind: self.type_steps["producer"] for kind in PRODUCERS}
        self.sale_types["enterprise"] = self.type_steps["enterprise"]
        self.sale_ln_sd = {kind: values["commission_ln_sd"] for kind in PRODUCERS}
        self.sale_ln_sd["enterprise"] = values["contract_value_ln_sd"]
        self.headroom: float = values["outside_budget_headroom"]
        self.incubation_exit_factor: float = values["incubation_exit_factor"]

    def _work_out_hazards(self) -> None:
        """What is the same for all firms in a step."""
        terms, now = self.terms, self.now
        variance, keep = terms.firm_size_ln_sd**2, terms.size_persistence
        self.mean_size = -0.5 * variance
        self.shock = math.sqrt((1.0 - keep * keep) * variance)
        both, needs = terms.need_size_power + terms.project_size_power, terms.need_size_power
        self.mean_project = math.exp(0.5 * variance * (both * both - both - needs * needs + needs))
        self.rebuilt = 1.0 - math.exp(-terms.firm_cash_rebuild_rate * now.dt)
        hazard = terms.certification_hazard
        if now.date >= terms.certification_revision:
            hazard *= terms.certification_factor_after_2016
        self.certification_gain = 1.0 - math.exp(-hazard * now.dt)
        self.certification_lapse = 1.0 - terms.certification_renewal ** (now.dt / 3.0)

    def exit_hazard(self, age: float, large: bool) -> float:
        """Yearly hazard of closing down."""
        terms = self.terms
        by_age = (terms.exit_hazard_year_1, terms.exit_hazard_year_2, terms.exit_hazard_year_3)
        if age < 3.0:
            hazard = by_age[max(0, int(age))]
        else:
            hazard = terms.exit_hazard_later if age < 7.0 else terms.exit_hazard_old
        return hazard * terms.exit_size_factor_large if large else hazard

    def chance_of_entry(self, value: int) -> float:
        """Chance that a contract of a registering seller is worth the paper."""
        return value / (value + self.now.entry_threshold)

    def pay(self, payer: Any, payee: Any, amount: int, cause: str) -> None:
        """Move whole yuan."""
        payer.cash -= amount
        payee.cash += amount
        self.flows[cause, payer.sector, payee.sector] += amount

    def kinds(self, role: type) -> list[Any]:
        """Mesa's sets of the kinds that play a role."""
        return [agents for kind, agents in self.agents_by_type.items() if issubclass(kind, role)]
