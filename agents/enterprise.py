"""Enterprises: technology firms that buy technology, sell technical services, or do both.

A row stands for ``members`` firms that are alike; firms above a size threshold are
rows of their own at every scale.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.books import CAUSE, SECTOR, Flows, Purse, pay
from ..engine.columns import CODE, COUNT, FLAG, KEY, MONEY, NUMBER, Column, Columns
from ..engine.rules import rule
from ..engine.table import Rows
from .certificate import YEARS, certificate_pays, missing, relabelled
from .kind import Kind, declare
from .standing import may_be_certified
from .view import RowView

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import EnterpriseRow

ROLES: Final = ("buyer", "seller", "both")
BUYER, SELLER, BOTH = range(3)

COLUMNS: Final[Columns[EnterpriseRow]] = (
    Column("key", KEY, "key", "identity: kind, city, field and quarter of birth, ordinal"),
    Column("members", COUNT, "count", "firms that the row stands for"),
    Column("large", FLAG, "switch", "above the size threshold: never thinned"),
    Column("city", CODE, "code", "city, index into the pack's cities"),
    Column("field", CODE, "code", "main field, index into the pack's fields"),
    Column("role", CODE, "code", "what it does on the technology market", ROLES),
    Column("born", NUMBER, "date", "date of founding"),
    Column("ln_size", NUMBER, "ln", "size relative to the mean firm"),
    Column("first_size", NUMBER, "ln", "its size when it was founded"),
    Column("growth", NUMBER, "ln", "what is left of gains in size from results and investors"),
    Column("appetite", NUMBER, "points", "weight in demand of all members: size to a power"),
    Column("project_scale", NUMBER, "multiple", "size of its projects relative to the average need"),
    Column("attraction", NUMBER, "points", "weight in matching of all members: size to a power"),
    Column("value_scale", NUMBER, "multiple", "its contracts' value relative to a seller of mean size"),
    Column(
        "reputation",
        NUMBER,
        "multiple",
        "what buyers think of it; 1 for life, its work has no outcome",
    ),
    Column("research_user", FLAG, "switch", "does R&D of its own and can absorb results"),
    Column("registered", COUNT, "count", "members that register their contracts by habit"),
    Column("certified", COUNT, "count", "members certified as high-technology enterprises"),
    Column("cultivated", COUNT, "count", "of them, those who would not be certified yet without cultivation"),
    Column("incubated", COUNT, "count", "members that are tenants of an incubator"),
    Column("in_zone", COUNT, "count", "members with a place in a high-technology zone of their city"),
    Column("partner", KEY, "key", "seller of its last contract, 0 if none"),
    Column("revenue", MONEY, "yuan/year", "revenue of all members"),
    Column("bent", NUMBER, "multiple", "its R&D over revenue relative to the mean of those who do R&D"),
    Column("intensity", NUMBER, "fraction", "R&D over revenue that it does without a certificate"),
    Column("rd", MONEY, "yuan/year", "R&D of all members"),
    Column("relabelled", MONEY, "yuan/year", "other costs of all members that are reported as R&D"),
    Column("cash", MONEY, "yuan", "money at hand"),
    Column("debt", MONEY, "yuan", "technology loans owed"),
    Column("equity", MONEY, "yuan", "capital paid in by funds, at cost"),
    Column("bound", COUNT, "count", "loans and stakes of members, who therefore cannot just close"),
    Column("sold", MONEY, "yuan", "contracts signed as seller in the step"),
)

SIZE = luck.mechanism("enterprise size shock")
REGISTRATION = luck.mechanism("registration habit")
CERTIFICATION = luck.mechanism("high-technology certification")
CULTIVATED = luck.mechanism("certified without cultivation by now")

_ENTERPRISE: Final = SECTOR["enterprise"]
_HOUSEHOLDS: Final = SECTOR["households"]
_OUTSIDE: Final = SECTOR["outside"]
_INCOME: Final = CAUSE["operating_income"]
_RESEARCH: Final = CAUSE["research_spending"]
_DIVIDEND: Final = CAUSE["dividend"]

PARAMETERS_READ: Final = (
    "certification_factor_after_2016", "certification_hazard", "certification_renewal",
    "certification_revision", "firm_cash_ratio", "firm_cash_rebuild_rate", "firm_margin",
    "firm_mean_revenue", "firm_size_ln_sd", "matching_size_power", "need_size_power",
    "project_size_power", "registration_hazard", "registration_hazard_before_market_factor",
    "registration_imitation", "registration_market_opens", "registration_size_power",
    "registration_small_extra", "registration_small_from", "size_persistence", "value_size_power",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def measure(firms: Rows[EnterpriseRow], parameters: Parameters, now: Moment) -> None:
    """Bring the columns that follow from size up to date, once a year.

    Powers and exponentials are nine tenths of the cost of a full-size sweep, hence
    columns. The mean firm has size 1, so ``ln_size`` is drawn around minus half of
    its variance.
    """
    demand, project = parameters.need_size_power, parameters.project_size_power
    # Mean of size ** project over needs, for lognormal sizes of mean 1: keeps the mean need at scale 1.
    both = demand + project
    moment = both * both - both - demand * demand + demand
    mean_project = math.exp(0.5 * parameters.firm_size_ln_sd**2 * moment)
    for i in range(len(firms)):
        firm = firms[i]
        size = firm.ln_size + firm.growth
        weight = firm.members * math.exp(parameters.matching_size_power * size)
        firm.appetite = 0.0 if firm.role == SELLER else firm.members * math.exp(demand * size)
        firm.project_scale = math.exp(project * size) / mean_project
        firm.attraction = 0.0 if firm.role == BUYER else weight * firm.reputation
        firm.value_scale = math.exp(parameters.value_size_power * size)
        firm.revenue = int(
            firm.members * parameters.firm_mean_revenue * now.output_index * math.exp(size) + 0.5
        )


@rule
def drift_in_size(firms: Rows[EnterpriseRow], parameters: Parameters, now: Moment, seed: np.uint64) -> None:
    """Let sizes wander: once a year each moves around the common mean and keeps most of its place.

    The stationary distribution is the one that firms are born with, so that size
    alone makes no trend. What a firm gained from results and investors is size like
    any other and wears off at the same pace.
    """
    variance = parameters.firm_size_ln_sd**2
    mean = -0.5 * variance
    keep = parameters.size_persistence
    shock = math.sqrt((1.0 - keep * keep) * variance)
    for i in range(len(firms)):
        firm = firms[i]
        z = luck.normal_quantile(luck.uniform(seed, SIZE, firm.key, now.step, 0))
        firm.ln_size = mean + keep * (firm.ln_size - mean) + shock * z
        firm.growth *= keep


@rule
def share_out_research(firms: Rows[EnterpriseRow], budget: int, parameters: Parameters, now: Moment) -> None:
    """Give each firm that does research its part of a year's R&D, to the yuan.

    Certified members whose own R&D lies below what their certificate asks report just that much, a part
    of it relabelled; all others share what is left by revenue and bent. Who lies below follows from the
    step before. Together they report the budget, which is what the statistics count; what members report
    who would not be certified without cultivation comes on top.
    """
    fixed = 0
    weight = 0.0
    lifts, parts = np.zeros(len(firms)), np.zeros(len(firms))
    for i in range(len(firms)):
        firm = firms[i]
        if not firm.research_user:
            continue
        held = 0.0
        if firm.certified > 0:
            lifts[i] = missing(firm, parameters, now)
            if lifts[i] > 0.0 and firm.certified > firm.cultivated:
                held = (firm.certified - firm.cultivated) / firm.members
                fixed += int(held * (firm.intensity + lifts[i]) * firm.revenue)
        parts[i] = (1.0 - held) * firm.bent * firm.revenue
        weight += parts[i]
    rest = max(0, budget - fixed)
    scale = rest / weight if weight > 0.0 else 0.0
    so_far = 0.0
    given = 0
    for i in range(len(firms)):
        firm = firms[i]
        firm.rd = 0
        firm.relabelled = 0
        if not firm.research_user or weight <= 0.0:
            continue
        if lifts[i] > 0.0:
            held = (firm.certified - firm.cultivated) / firm.members
            firm.rd = int(held * (firm.intensity + lifts[i]) * firm.revenue)
            firm.rd += int(firm.cultivated / firm.members * lifts[i] * firm.revenue)
            certified = firm.certified / firm.members
            firm.relabelled = int(certified * relabelled(lifts[i], parameters) * firm.revenue)
        so_far += parts[i]
        upto = int(math.floor(rest * (so_far / weight)))
        firm.rd += upto - given - firm.relabelled
        given = upto
        firm.intensity = scale * firm.bent


@rule
def operate(
    firms: Rows[EnterpriseRow],
    parameters: Parameters,
    now: Moment,
    purse: Purse,
    flows: Flows,
    research_by_city: npt.NDArray[np.int64],
) -> None:
    """Earn, do research, and pay out what is not needed.

    What is relabelled as R&D is spent like R&D, and counted as such.

    A firm keeps ``firm_cash_ratio`` of a year's revenue at hand; what it holds
    above that and what it owes goes to its owners and staff. What a purchase took
    from it comes back at ``firm_cash_rebuild_rate`` out of customers' advances.

    Parameters
    ----------
    research_by_city : ndarray of int64 of shape (cities,)
        To which what each firm spends on research is added, yuan.
    """
    rebuilt = 1.0 - math.exp(-parameters.firm_cash_rebuild_rate * now.dt)
    for i in range(len(firms)):
        firm = firms[i]
        research = int((firm.rd + firm.relabelled) * now.dt + 0.5)
        research_by_city[firm.city] += research
        surplus = int(firm.revenue * parameters.firm_margin * now.dt + 0.5)
        pay(purse, _OUTSIDE, 0, _ENTERPRISE, i, research + surplus, _INCOME, flows)
        pay(purse, _ENTERPRISE, i, _HOUSEHOLDS, 0, research, _RESEARCH, flows)
        target = int(firm.revenue * parameters.firm_cash_ratio) + firm.debt
        if firm.cash > target:
            pay(purse, _ENTERPRISE, i, _HOUSEHOLDS, 0, firm.cash - target, _DIVIDEND, flows)
        elif firm.cash < target:
            pay(purse, _OUTSIDE, 0, _ENTERPRISE, i, int(rebuilt * (target - firm.cash)), _INCOME, flows)
        firm.sold = 0


@rule
def adopt_registration(
    firms: Rows[EnterpriseRow], parameters: Parameters, now: Moment, seed: np.uint64
) -> None:
    """Take up the habit of registering contracts.

    The yearly hazard is ``(h + q * share registered) * relative size ** gamma``,
    lower before the technology market opened in April 2011; from the middle of 2016
    small sellers have an extra hazard. Form: Bass (1969) with size, see the
    prototype's findings in docs/model.
    """
    sellers = 0
    registered = 0
    for i in range(len(firms)):
        if firms[i].role != BUYER:
            sellers += firms[i].members
            registered += firms[i].registered
    share = registered / max(1, sellers)
    hazard = parameters.registration_hazard + parameters.registration_imitation * share
    if now.date < parameters.registration_market_opens:
        hazard *= parameters.registration_hazard_before_market_factor
    extra = parameters.registration_small_extra if now.date >= parameters.registration_small_from else 0.0
    mean_size = -0.5 * parameters.firm_size_ln_sd**2
    for i in range(len(firms)):
        firm = firms[i]
        waiting = firm.members - firm.registered
        if firm.role == BUYER or waiting == 0:
            continue
        relative = firm.ln_size - mean_size
        rate = hazard * math.exp(parameters.registration_size_power * relative)
        if relative < 0.0:
            rate += extra
        chance = 1.0 - math.exp(-rate * now.dt)
        u = luck.uniform(seed, REGISTRATION, firm.key, now.step, 0)
        firm.registered += luck.binomial_quantile(u, waiting, chance)


@rule
def certify(firms: Rows[EnterpriseRow], parameters: Parameters, now: Moment, seed: np.uint64) -> None:
    """Certify high-technology enterprises and let some certificates lapse.

    Firms that do research, and for which it pays, are certified at a yearly hazard, which rose when the
    rules were revised in early 2016; a certificate lasts three years and is renewed
    with ``certification_renewal``, or runs out where it no longer pays. Who was certified through
    cultivation counts as one who would be certified anyway once he would have been by this hazard.
    """
    hazard = parameters.certification_hazard
    if now.date >= parameters.certification_revision:
        hazard *= parameters.certification_factor_after_2016
    gain = 1.0 - math.exp(-hazard * now.dt)
    lapse = 1.0 - parameters.certification_renewal ** (now.dt / YEARS)
    runs_out = 1.0 - math.exp(-now.dt / YEARS)
    for i in range(len(firms)):
        firm = firms[i]
        if not may_be_certified(firm, now):
            continue
        seeks = certificate_pays(firm, 0.0, parameters, now)
        if not seeks and firm.certified == 0:
            continue
        won, lost = luck.two_uniforms(seed, CERTIFICATION, firm.key, now.step, 0)
        gained = luck.binomial_quantile(won, firm.members - firm.certified, gain) if seeks else 0
        gone = lapse if seeks else runs_out
        if firm.cultivated > 0:
            by_now = 1.0 - (1.0 - gone) * ((1.0 - gain) if seeks else 1.0)
            u = luck.uniform(seed, CULTIVATED, firm.key, now.step, 0)
            firm.cultivated -= luck.binomial_quantile(u, firm.cultivated, by_now)
        firm.certified += gained - luck.binomial_quantile(lost, firm.certified, gone)
        firm.cultivated = min(firm.cultivated, firm.certified)


KIND: Final = Kind("enterprise", "enterprises", COLUMNS, "firms", PARAMETERS_READ)
declare(KIND)


class Enterprise(RowView, kind=KIND):
    """A technology firm, or a group of like firms."""
