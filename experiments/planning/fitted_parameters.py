"""Which parameters are fitted: those that the observed series can see, and no others.

Chosen by `screening`: the committed table results/reference/screening_shaanxi.csv says how much of each
figure's variance over prior runs each parameter moves. Why two lists: decision 0013.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CARRIED", "FITTED", "FREE"]

FREE: Final = (
    # contracts of enterprises: level, mean value, who registers and since when
    "enterprise_contracts_2017",
    "mean_contract_value_2017",
    "outside_count_elasticity",
    "mean_growth_beyond_national",
    "entry_threshold",
    "registration_hazard",
    "registration_size_power",
    # purchases
    "local_share",
    "import_share",
    "import_mean_value_ratio",
    # universities, institutes, military units
    "rd_share_university",
    "commission_registered_share",
    # firms, loans, fund, platforms
    "technology_firms_2017",
    "certification_hazard",
    "certification_factor_after_2016",
    "loan_demand_hazard",
    "fund_subfund_hazard",
    "incubator_founding_per_year",
    "maker_space_founding_per_year",
)
"""Parameters about which something may be claimed, if they turn out to be learnt."""

CARRIED: Final = (
    "firm_size_ln_sd",
    "value_size_power",
    "matching_size_power",
    "contract_value_ln_sd",
    "firm_mean_revenue",
    "firm_cash_ratio",
    "firms_2010_share",
    "need_count_elasticity",
    "government_need_share",
    "outside_mean_elasticity",
    "registration_hazard_before_market_factor",
    "registration_elsewhere_2017",
    "commission_local_share",
    "commission_registered_start",
    "commission_intensity_university",
    "commission_intensity_institute",
    "commission_intensity_military",
    "commission_mean_value_institute",
    "commission_mean_value_university",
    "transfer_probability_university",
    "research_user_share_small",
    "certified_2010",
    "banks",
    "bank_capacity",
    "bank_join_hazard",
    "bank_score_threshold",
    "loan_mean",
    "fund_target_size",
    "fund_fill_rate",
    "fund_meets_target_share",
    "incubators_2010",
    "incubator_exit_hazard",
    "incubator_tenants",
    "maker_space_exit_hazard",
    # search, teams, firms' research and certificate, guarantees
    "unmet_alone_share",
    "teams_formed",
    "firm_margin",
    "research_intensity_ln_sd",
    "research_net_cost",
    "certificate_cost",
    "compensation_enrolment",
)
"""Parameters that move the same figures as free ones do. They are moved with them, or the level of
every series would stay as unsure as their priors make it; nothing is claimed about them."""

FITTED: Final = (*FREE, *CARRIED)
