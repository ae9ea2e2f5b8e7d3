"""The parameters of a run as small records, one for each family of rules.

Handing a record to a compiled rule costs 0.04 microseconds for each of its fields,
so that a record of all parameters would cost more than most rules' loops. Which
fields a family needs stands beside its rules, as ``PARAMETERS_READ``; a test holds
these lists against what the files really read. Kinds of actors declare their family themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ...agents import (
    broker_fund,
    broker_repute,
    census,
    certificate,
    closing,
    enterprise,
    founding,
    fund_sources,
    grants,
    jury,
    licensing,
    loan,
    maker_space,
    new_result,
    producer_repute,
    result,
    result_spin_up,
    selling,
    stake,
    standing,
    student_team,
    sub_fund,
    tenancy,
    transfer_office,
    venture,
    voucher,
    zone,
)
from ...agents.kind import kinds
from ...engine.columns import number_record

if TYPE_CHECKING:
    from ...agents.inputs import Parameters

READ_IN_MODEL: Final[Mapping[str, tuple[str, ...]]] = {
    "access": (
        "first_contact",
        "platform_chance",
        "repeat_contact",
        "subcentre_contact",
        "tie_probability",
    ),
    "brokerage": ("broker_learning_years", "broker_other_field", "broker_success"),
    "commissioned_results": ("commission_result_share",),
    "city_funds": ("city_fund_size", "fund_life_years", "fund_target_ln_sd", "public_fund_share"),
    "market": (
        "broker_bypass",
        "commission_ln_sd",
        "contract_value_ln_sd",
        "import_brokerage",
        "platform_value_cap",
    ),
    "offers": (
        "contract_value_cap",
        "first_contact",
        "nonexclusive_price_ratio",
        "nonexclusive_share",
        "outcome_years",
        "pool_share",
        "success_growth",
        "transfer_ln_sd",
        "transfer_outside_hazard",
    ),
    "support_contracts": ("cross_field_share",),
    "tendering": (
        "cross_field_share",
        "tender_bids",
        "voucher_additional",
        "voucher_additional_enterprise",
        "voucher_producer_share",
    ),
}
"""The same for files of the model, by name: they stand above this one, which therefore cannot ask them."""


def _family(*files: tuple[str, ...]) -> tuple[str, ...]:
    """Join what several files read, in the order in which a record holds it."""
    return tuple(sorted({name for file in files for name in file}))


def _of_kinds(family: str) -> tuple[str, ...]:
    """Join what the kinds of actors of a family declare."""
    return _family(*(kind.reads for kind in kinds() if kind.family == family))


FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "firms": _family(
        _of_kinds("firms"),
        certificate.PARAMETERS_READ,
        closing.PARAMETERS_READ,
        founding.PARAMETERS_READ,
        zone.PARAMETERS_READ,
    ),
    "producers": _family(_of_kinds("producers"), producer_repute.PARAMETERS_READ),
    "results": _family(
        new_result.PARAMETERS_READ,
        result.PARAMETERS_READ,
        result_spin_up.PARAMETERS_READ,
        licensing.PARAMETERS_READ,
        census.PARAMETERS_READ,
        transfer_office.PARAMETERS_READ,
        venture.PARAMETERS_READ,
        READ_IN_MODEL["commissioned_results"],
        READ_IN_MODEL["offers"],
    ),
    "trade": _family(
        selling.PARAMETERS_READ,
        READ_IN_MODEL["access"],
        READ_IN_MODEL["brokerage"],
        READ_IN_MODEL["market"],
        READ_IN_MODEL["support_contracts"],
        READ_IN_MODEL["tendering"],
    ),
    # An investor's money makes a firm grow, which measures it anew; the census tells who grows fast.
    "finance": _family(
        _of_kinds("finance"),
        census.PARAMETERS_READ,
        loan.PARAMETERS_READ,
        stake.PARAMETERS_READ,
        sub_fund.PARAMETERS_READ,
        fund_sources.PARAMETERS_READ,
        voucher.PARAMETERS_READ,
        grants.PARAMETERS_READ,
        jury.PARAMETERS_READ,
        student_team.PARAMETERS_READ,
        certificate.PARAMETERS_READ,
        enterprise.PARAMETERS_READ,
        standing.PARAMETERS_READ,
        broker_fund.PARAMETERS_READ,
        closing.PARAMETERS_READ,
        READ_IN_MODEL["city_funds"],
    ),
    "people": _family(
        _of_kinds("people"),
        broker_repute.PARAMETERS_READ,
        maker_space.PARAMETERS_READ,
        tenancy.PARAMETERS_READ,
    ),
}
"""Fields of the record of each family of rules, in sorted order."""


class Terms:
    """Records of one run's parameters, to hand to rules.

    Parameters
    ----------
    values : mapping of str to float
        All parameters of the run.

    Attributes
    ----------
    firms, producers, results, trade, finance, people : record
        What the rules of that family read.
    """

    def __init__(self, values: Mapping[str, float]) -> None:
        def record(family: str) -> Parameters:
            packed: Parameters = number_record(values, FAMILIES[family])
            return packed

        self.firms = record("firms")
        self.producers = record("producers")
        self.results = record("results")
        self.trade = record("trade")
        self.finance = record("finance")
        self.people = record("people")
