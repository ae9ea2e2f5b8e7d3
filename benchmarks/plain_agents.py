"""Plain Mesa agents, an object each: what enterprises and others do in a quarter, written as usual.

An agent keeps its state in attributes and looks at itself and its model, one agent after
the other. Nothing here calls a rule of ``agents`` or ``model``; quantiles are the engine's,
which have tests of their own. Numbers that are nobody's decision (parameters, the demand
of the step) are the model's.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import mesa
from plain_goods import Need
from plain_luck import mechanism

from shaanxi_transfer.agents.certificate import TAX_SAVED
from shaanxi_transfer.agents.enterprise import BUYER, SELLER
from shaanxi_transfer.engine.quantiles import (
    binomial_quantile,
    normal_quantile,
    poisson_quantile,
    quick_normal_quantile,
)

if TYPE_CHECKING:
    from plain_province import PlainProvince

NEEDS, NEED = mechanism("number of needs"), mechanism("need")
SALES, SALE = mechanism("number of contracts with the outside"), mechanism("contract with the outside")
SIZE, REGISTRATION = mechanism("enterprise size shock"), mechanism("registration habit")
CERTIFICATION, EXIT = mechanism("high-technology certification"), mechanism("enterprise exit")
CULTIVATED = mechanism("certified without cultivation by now")

NEEDS_IN_ONE = 10
CAUTION = 0.5


class Organisation(mesa.Agent):
    """Anybody with a purse.

    Parameters
    ----------
    model : PlainProvince
    number : int
        Its place among its kind.
    state : mapping of str to number
        The declared columns of its kind.
    """

    sector = ""
    members = 1
    model: PlainProvince
    key: int
    city: int
    field: int
    cash: int

    def __init__(self, model: PlainProvince, number: int, state: Mapping[str, Any]) -> None:
        super().__init__(model)
        self.number = number
        self.__dict__.update(state)


class Buyer(Organisation):
    """Somebody who wants technology."""

    appetite: float
    project_scale: float
    reserve = 0

    def voice_needs(self) -> None:
        """Write down what is newly wanted."""
        model = self.model
        mean = model.needs_per_appetite[self.sector] * self.appetite
        if mean <= 0.0:
            return
        step = model.now.step
        wanted = poisson_quantile(model.luck.uniform(NEEDS, self.key, step), mean)
        if wanted == 0:
            return
        budget = int(CAUTION * self.cash / self.members)
        chances = model.luck.stream(NEED, self.key, step)
        draw = 0
        while wanted > 0:
            units = min(NEEDS_IN_ONE, wanted)
            wanted -= units
            field = self.field
            if chances.pick(draw + 2) >= model.own_field_share[self.sector]:
                field = bisect_right(model.field_steps, chances.pick(draw + 3))
            kind = bisect_right(model.type_steps["enterprise"], chances.pick(draw + 1))
            model.needs.append(
                Need(chances.word(draw), self, kind, field, units, budget, step + model.patience, units)
            )
            draw += 4

    def look_over_claims(self) -> None:
        """Say which claims on its money are contested: all of them, if together they are too dear."""
        claims = self.model.claims[self]
        overdrawn = sum(claim.value for claim in claims) > self.cash - self.reserve
        for claim in claims:
            crowded = claim.need is not None and claim.need.claims > claim.need.open
            (self.model.contested if overdrawn or crowded else self.model.settled).append(claim)


class Seller(Organisation):
    """Somebody who sells technology."""

    attraction: float
    value_scale: float
    registered: float
    sold: int

    def share_registering(self) -> float:
        """Share of its contracts that come from those who register."""
        return self.registered

    def share_certified(self) -> float:
        """Share of its members that are certified as high-technology enterprises."""
        return 0.0

    def sell_outside(self) -> None:
        """Win contracts with the outside, one after the other."""
        self.sold = 0
        model = self.model
        mean = model.sales_per_attraction[self.sector][self.field] * self.attraction
        if mean <= 0.0:
            return
        step, registry = model.now.step, model.registry
        number = poisson_quantile(model.luck.uniform(SALES, self.key, step), mean)
        if number == 0:
            return
        signed = entered = 0
        chances = model.luck.stream(SALE, self.key, step)
        habit = self.share_registering()
        types, deviation = model.sale_types[self.sector], model.sale_ln_sd[self.sector]
        usual = model.sale_value[self.sector] * self.value_scale
        for draw in range(0, 5 * number, 5):
            kind = bisect_right(types, chances.pick(draw))
            value = self.draw_value(chances.pick(draw + 1), usual * model.type_value[kind], deviation)
            if model.admitted < 1.0 and chances.pick(draw + 2) >= model.admitted:
                registry.refused += 1
                continue
            signed += 1
            self.sold += value
            registers, place = chances.pick(draw + 3) < habit, chances.pick(draw + 4)
            if model.register_sale(self, kind, value, registers, place, chances, draw // 5):
                entered += value
        registry.sign(self, signed, self.sold)
        self.note_sale(self.sold, entered)

    def draw_value(self, u: float, mean: float, deviation: float) -> int:
        """Draw a contract's value: lognormal and capped, in whole yuan."""
        value = mean * math.exp(deviation * quick_normal_quantile(u) - 0.5 * deviation * deviation)
        return int(min(value, self.model.terms.contract_value_cap) + 0.5) + 1

    def note_sale(self, signed: int, entered: int) -> None:
        """Note what only enterprises note."""

    def receive(self) -> None:
        """Be paid for what was sold outside."""
        if self.sold > 0:
            self.model.pay(self.model.outside, self, self.sold, "contract")


class Treasury(Buyer):
    """A government."""

    sector = "government"


class University(Seller):
    """A university."""

    sector = "university"


class ResearchInstitute(Seller):
    """A research institute."""

    sector = "research_institute"


class MilitaryUnit(Buyer, Seller):
    """A military unit."""

    sector = "military_unit"


class Enterprise(Buyer, Seller):
    """A technology firm, or ``members`` alike."""

    sector = "enterprise"
    role: int
    large: bool
    born: float
    ln_size: float
    growth: float
    reputation: float
    registered: int
    certified: int
    cultivated: int
    incubated: int
    in_zone: int
    bound: int
    partner: int
    research_user: bool
    revenue: int
    rd: int
    relabelled: int
    intensity: float
    debt: int

    def share_registering(self) -> float:
        """Share of the members that register."""
        return self.registered / max(1, self.members)

    def share_certified(self) -> float:
        """Share of the members that are certified."""
        return self.certified / max(1, self.members)

    def note_sale(self, signed: int, entered: int) -> None:
        """Tell what the certified members sold."""
        self.model.registry.count_high_tech(self, signed, entered)

    def drift(self) -> None:
        """Let size wander around the common mean, once a year, and see what follows from it."""
        model = self.model
        z = normal_quantile(model.luck.uniform(SIZE, self.key, model.now.step))
        self.ln_size = (
            model.mean_size
            + model.terms.size_persistence * (self.ln_size - model.mean_size)
            + model.shock * z
        )
        self.growth *= model.terms.size_persistence
        size = self.ln_size + self.growth
        terms = model.terms
        self.appetite = self.attraction = 0.0
        if self.role != SELLER:
            self.appetite = self.members * math.exp(terms.need_size_power * size)
        if self.role != BUYER:
            weight = self.members * math.exp(terms.matching_size_power * size)
            self.attraction = weight * self.reputation
        self.project_scale = math.exp(terms.project_size_power * size) / model.mean_project
        self.value_scale = math.exp(terms.value_size_power * size)
        yearly = terms.firm_mean_revenue * model.now.output_index
        self.revenue = int(self.members * yearly * math.exp(size) + 0.5)

    def operate(self) -> None:
        """Earn, do research, pay out what is not needed, build up what is missing."""
        model, terms, years = self.model, self.model.terms, self.model.now.dt
        research = int((self.rd + self.relabelled) * years + 0.5)
        model.research_by_city[self.city] += research
        surplus = int(self.revenue * terms.firm_margin * years + 0.5)
        model.pay(model.outside, self, research + surplus, "operating_income")
        model.pay(self, model.households, research, "research_spending")
        target = int(self.revenue * terms.firm_cash_ratio) + self.debt
        if self.cash > target:
            model.pay(self, model.households, self.cash - target, "dividend")
        elif self.cash < target:
            model.pay(model.outside, self, int(model.rebuilt * (target - self.cash)), "operating_income")
        self.sold = 0

    def adopt_registration(self) -> None:
        """Take up the habit of registering, the sooner the larger and the more others do."""
        waiting = self.members - self.registered
        if self.role == BUYER or waiting == 0:
            return
        model = self.model
        relative = self.ln_size - model.mean_size
        rate = model.registration_hazard * math.exp(model.terms.registration_size_power * relative)
        if relative < 0.0:
            rate += model.registration_extra
        chance = 1.0 - math.exp(-rate * model.now.dt)
        u = model.luck.uniform(REGISTRATION, self.key, model.now.step)
        self.registered += binomial_quantile(u, waiting, chance)

    def certify(self) -> None:
        """Win and lose certificates as a high-technology enterprise."""
        model = self.model
        if not self.research_user or model.now.date - self.born < 1.0:
            return
        seeks, step = self.certificate_pays(), model.now.step
        if not seeks and self.certified == 0:
            return
        won, lost = model.luck.two_uniforms(CERTIFICATION, self.key, step)
        gain = model.certification_gain if seeks else 0.0
        gone = model.certification_lapse if seeks else model.certification_runs_out
        if self.cultivated > 0:
            u = model.luck.uniform(CULTIVATED, self.key, step)
            by_now = 1.0 - (1.0 - gone) * (1.0 - gain)
            self.cultivated -= binomial_quantile(u, self.cultivated, by_now)
        gained = binomial_quantile(won, self.members - self.certified, gain)
        self.certified += gained - binomial_quantile(lost, self.certified, gone)
        self.cultivated = min(self.cultivated, self.certified)

    def certificate_pays(self) -> bool:
        """Whether the tax saved in three years exceeds what the certificate costs."""
        terms, members = self.model.terms, max(1, self.members)
        lift = max(0.0, self.model.research_asked(self.revenue / members) - self.intensity)
        other = min(lift, terms.relabelling_ease)
        cost = terms.research_net_cost * (lift - other)
        if other > 0.0:
            cost += terms.research_net_cost * other * other / (2.0 * terms.relabelling_ease)
        saved = TAX_SAVED * terms.firm_margin - cost
        return bool(3.0 * saved * self.revenue / members > terms.certificate_cost)

    def close_down(self) -> None:
        """Let members exit; those with a loan or an investor stay."""
        model, step = self.model, self.model.now.step
        hazard = model.exit_hazard(model.now.date - self.born, self.large)
        free = self.members - self.bound
        if free <= 0:
            return
        chance = 1.0 - math.exp(-hazard * model.now.dt)
        if self.incubated > 0:
            more = (model.incubation_exit_factor - 1.0) * self.incubated / self.members
            chance = min(1.0, chance * (1.0 + more))
        exits = binomial_quantile(model.luck.uniform(EXIT, self.key, step), free, chance)
        if exits == 0:
            return
        left = self.members - exits
        model.pay(self, model.households, self.cash * exits // self.members, "closing_down")
        marks = ("registered", "certified", "incubated", "in_zone", "cultivated")
        for k, mark in enumerate(marks, start=1):
            holders = getattr(self, mark)
            share = holders / self.members
            going = binomial_quantile(model.luck.uniform(EXIT, self.key, step, k), exits, share)
            going = min(holders, max(exits - (self.members - holders), going))
            setattr(self, mark, holders - going)
        self.cultivated = min(self.cultivated, self.certified)
        self.attraction *= left / self.members
        self.appetite *= left / self.members
        self.revenue = self.revenue * left // self.members
        self.rd = self.rd * left // self.members
        self.relabelled = self.relabelled * left // self.members
        self.members = left
