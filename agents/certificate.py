"""The high-technology certificate: what it is worth to a firm, and what the firm reports for it.

A certificate lowers the income tax from 25 to 15 %. It asks for R&D of at least a
share of sales, a notch at which firms bunch: in China a firm that crosses it reports a
fifth more R&D, and nearly half of what is added are other costs under another name (Chen, Liu,
Suarez Serrato and Xu 2017). Here each firm weighs the tax saved against what it costs to
reach the share, by R&D that it would not do otherwise and by relabelling, whose cost
for a yuan rises with the amount. Above the share the certificate changes no R&D.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ..engine import luck
from ..engine.rules import rule
from ..engine.table import Rows
from .standing import may_be_certified

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import EnterpriseRow

SMALL_SALES: Final = 5e7
MIDDLE_SALES: Final = 2e8
"""Yearly sales, yuan, up to which a firm counts as small and as middle in these rules."""

SMALL_SHARE: Final = 0.06
SMALL_SHARE_SINCE_REVISION: Final = 0.05
MIDDLE_SHARE: Final = 0.04
LARGE_SHARE: Final = 0.03
"""R&D over sales that is asked for; of small firms less since 2016 (Guokefahuo 2016 No. 32)."""

TAX_SAVED: Final = 0.25 - 0.15
"""Fall of the rate of the income tax."""

YEARS: Final = 3.0
"""For which a certificate is valid."""

FIRST = luck.mechanism("certified at the start")

PARAMETERS_READ: Final = (
    "certificate_cost", "certification_opens", "certification_revision", "firm_margin", "relabelling_ease",
    "research_net_cost",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def share_asked(sales: float, parameters: Parameters, now: Moment) -> float:
    """R&D over sales that a certificate asks of a firm with these yearly sales; 0 before there were any."""
    if now.date < parameters.certification_opens:
        return 0.0
    if sales < SMALL_SALES:
        return SMALL_SHARE if now.date < parameters.certification_revision else SMALL_SHARE_SINCE_REVISION
    return MIDDLE_SHARE if sales < MIDDLE_SALES else LARGE_SHARE


@rule
def missing(firm: EnterpriseRow, parameters: Parameters, now: Moment) -> float:
    """R&D over sales that the firm lacks for a certificate."""
    return max(0.0, share_asked(firm.revenue / max(1, firm.members), parameters, now) - firm.intensity)


@rule
def relabelled(lift: float, parameters: Parameters) -> float:
    """Part of what is missing that a firm fills with other costs: until a yuan more costs as much as R&D."""
    return min(lift, parameters.relabelling_ease)


@rule
def cost_of_lift(lift: float, parameters: Parameters) -> float:
    """Cost over sales of a lift, a year: R&D beyond what pays for itself, and relabelling, convex."""
    other = relabelled(lift, parameters)
    cost = parameters.research_net_cost * (lift - other)
    if other > 0.0:
        cost += parameters.research_net_cost * other * other / (2.0 * parameters.relabelling_ease)
    return cost


@rule
def certificate_pays(firm: EnterpriseRow, subsidy: float, parameters: Parameters, now: Moment) -> bool:
    """Whether the tax saved in the years of a certificate, and a subsidy, exceed what it costs."""
    saved = TAX_SAVED * parameters.firm_margin - cost_of_lift(missing(firm, parameters, now), parameters)
    return bool(YEARS * saved * firm.revenue / max(1, firm.members) + subsidy > parameters.certificate_cost)


@rule
def count_seekers(firms: Rows[EnterpriseRow], parameters: Parameters, now: Moment) -> int:
    """Count the firms that may be certified and for which it pays."""
    found = 0
    for i in range(len(firms)):
        if may_be_certified(firms[i], now) and certificate_pays(firms[i], 0.0, parameters, now):
            found += firms[i].members
    return found


@rule
def certify_first(
    firms: Rows[EnterpriseRow], chance: float, parameters: Parameters, now: Moment, seed: np.uint64
) -> None:
    """Draw who holds a certificate at the start, among those for whom it pays."""
    for i in range(len(firms)):
        firm = firms[i]
        if may_be_certified(firm, now) and certificate_pays(firm, 0.0, parameters, now):
            firm.certified = luck.binomial_quantile(
                luck.uniform(seed, FIRST, firm.key, 0, 0), firm.members, chance
            )
