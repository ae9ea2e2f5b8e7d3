"""What an enterprise counts as: one that may be certified, one that investors look for, a gazelle.

Gazelles by the usual definition of Eurostat and OECD (Manual on Business Demography
Statistics, 2007): not older than five years, more than 20 % growth a year on average
over at least three years, ten employees at the beginning; here a revenue that stands
for ten employees. Sizes wander alike for all firms and nothing tells one that grows
from luck: no statistic of gazelles was found that this could be held against. Unicorns
are a matter of valuation, which the model does not know.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ..engine.rules import rule

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import EnterpriseRow

PARAMETERS_READ: Final = (
    "firm_mean_revenue", "fund_venture_age", "gazelle_base_revenue", "gazelle_growth",
    "gazelle_least_years", "gazelle_oldest",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def may_be_certified(firm: EnterpriseRow, now: Moment) -> bool:
    """Whether a firm may be certified as a high-technology enterprise: research, and a year of life."""
    return bool(firm.research_user and now.date - firm.born >= 1.0)


@rule
def is_young_researcher(firm: EnterpriseRow, parameters: Parameters, now: Moment) -> bool:
    """Whether a firm is what investors and contests look for: small, young, with research of its own."""
    young = now.date - firm.born < parameters.fund_venture_age
    return bool(firm.research_user and not firm.large and young)


@rule
def grows_fast(firm: EnterpriseRow, parameters: Parameters, now: Moment) -> bool:
    """Whether a firm is a gazelle: young, with fast growth of nominal revenue since it was founded."""
    age = now.date - firm.born
    if age < parameters.gazelle_least_years or age > parameters.gazelle_oldest:
        return False
    yearly = (firm.ln_size + firm.growth - firm.first_size) / age + now.output_growth
    if yearly <= math.log1p(parameters.gazelle_growth):
        return False
    before = math.exp(firm.first_size - now.output_growth * age)
    return bool(parameters.firm_mean_revenue * now.output_index * before >= parameters.gazelle_base_revenue)
