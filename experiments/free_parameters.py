"""Which parameters are fitted: those that the observed series can see, and no others."""

from __future__ import annotations

from typing import Final

__all__ = ["FREE"]

FREE: Final = (
    "enterprise_contracts_2017",
    "mean_contract_value_2017",
    "outside_count_elasticity",
    "local_share",
    "import_share",
    "import_mean_value_ratio",
    "import_registration_decline",
    "registered_share_2010",
    "registration_hazard",
    "registration_hazard_before_market_factor",
    "registration_size_power",
    "entry_threshold",
    "mean_growth_beyond_national",
    "certification_hazard",
    "certification_factor_after_2016",
    "certified_2010",
)
