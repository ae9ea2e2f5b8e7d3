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

from shaanxi_transfer.agents.goods import TYPES
from shaanxi_transfer.agents.registering import AUDITED, CALLED, DRESSED
from shaanxi_transfer.engine.books import SECTORS
from shaanxi_transfer.model.markets import access, brokerage
from shaanxi_transfer.model.markets.demand import PRODUCERS
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.quarter import registration, trade


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
        self.entry = registration.terms_of_entry(province)
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
        # Whom brokers and the platform bring is a matter of search: taken over like the proposals.
        brought = np.zeros(len(province.names["field"]))
        terms = province.terms.trade
        brokerage.buyers_from_outside(province.brokers.rows, terms, province.now, brought)
        self.brought: list[float] = brought.tolist()
        self.in_vain: float = trade.in_vain_from_outside(province)
        self.online = self.in_vain * access.chance_of_step(terms.platform_chance, province.now)
        self.additional: float = values["outside_additional"]
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
        self.certification_runs_out = 1.0 - math.exp(-now.dt / 3.0)

    def research_asked(self, sales: float) -> float:
        """R&D over sales that a certificate asks since 2008, by yearly sales."""
        if sales >= 2e8:
            return 0.03
        if sales >= 5e7:
            return 0.04
        return 0.06 if self.now.date < self.terms.certification_revision else 0.05

    def exit_hazard(self, age: float, large: bool) -> float:
        """Yearly hazard of closing down."""
        terms = self.terms
        by_age = (terms.exit_hazard_year_1, terms.exit_hazard_year_2, terms.exit_hazard_year_3)
        if age < 3.0:
            hazard = by_age[max(0, int(age))]
        else:
            hazard = terms.exit_hazard_later if age < 7.0 else terms.exit_hazard_old
        return hazard * terms.exit_size_factor_large if large else hazard

    def declare(
        self, value: int, kind: int, certified: float, entry: float, chances: Any, k: int
    ) -> tuple[int, int]:
        """Type and number of parts in which a registering seller enters a contract; 0 parts if not at all."""
        terms = self.entry
        in_part = TYPES[kind] in ("consulting", "service")
        gain = ((terms.bound_gain if in_part else terms.gain) + certified * terms.certified_gain) * value
        undue = (terms.gain - terms.bound_gain) * value * terms.spared if in_part else 0.0
        declared, parts = kind, 1
        if undue > 0.0 and terms.near_development > 0.0:
            among_all = chances.pick(DRESSED + k)
            if among_all * (undue + terms.dressing) < terms.near_development * undue:
                place = among_all / terms.near_development
                declared = TYPES.index("development")
                gain += undue - terms.dressing * place / (1.0 - place)
        whole, cap = terms.reward * value, terms.reward_cap
        if terms.reward > 0.0:
            gain += min(whole, cap)
            if whole > cap and terms.parts > 1:
                wanted = min(terms.parts, math.ceil(whole / cap))
                more = (min(whole, wanted * cap) - cap) * terms.spared
                papers = (wanted - 1) * terms.paper * entry / (1.0 - entry)
                if more > papers:
                    parts = wanted
                    gain += more - papers
        return (declared, parts) if entry * (gain + terms.paper) < gain else (kind, 0)

    def register_sale(
        self, seller: Any, kind: int, value: int, habit: bool, entry: float, chances: Any, k: int
    ) -> bool:
        """Enter a contract if its seller, or an office, finds it worth the paper."""
        terms, registry = self.entry, self.registry
        declared, parts = kind, 0
        if habit:
            declared, parts = self.declare(value, kind, seller.share_certified(), entry, chances, k)
        if parts == 0:
            if value >= terms.small_value:
                return False
            registry.small_left_out += 1
            if terms.called <= 0.0 or chances.pick(CALLED + k) >= terms.called:
                return False
            registry.entered_by_offices += 1
            parts = 1
        elif (declared != kind or parts > 1) and chances.pick(AUDITED + k) < terms.audit:
            declared, parts = kind, 1
        registry.relabelled_value += value if declared != kind else 0
        registry.parts_more += parts - 1
        if terms.reward > 0.0:
            registry.rewards_due += int(min(terms.reward * value, terms.reward_cap * parts))
        registry.enter_sale(seller, declared, value, parts)
        return True

    def pay(self, payer: Any, payee: Any, amount: int, cause: str) -> None:
        """Move whole yuan."""
        payer.cash -= amount
        payee.cash += amount
        self.flows[cause, payer.sector, payee.sector] += amount

    def kinds(self, role: type) -> list[Any]:
        """Mesa's sets of the kinds that play a role."""
        return [agents for kind, agents in self.agents_by_type.items() if issubclass(kind, role)]
