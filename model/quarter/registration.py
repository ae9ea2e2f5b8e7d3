"""Registration in a step: what it brings and costs sellers under law and levers, and what the public pays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents.goods import DEVELOPMENT, SERVICE, TYPES
from ...agents.government import PROVINCE
from ...agents.registering import Law, TermsOfEntry, exempt_in_part
from ...engine.books import CAUSE, SECTOR, pay_public

if TYPE_CHECKING:
    from ..province import Province


_HOUSEHOLDS: Final = SECTOR["households"]
_ADMINISTRATION: Final = CAUSE["administration"]
_SUBSIDY: Final = CAUSE["subsidy"]

REWARDING_TASK: Final = 2
COORDINATION: Final = 26
"""Account of organisational measure 1, which sets the quotas."""


def relief_by_type(values: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """Give the tax saved on a registered yuan of each type: what sellers keep and the public goes without.

    An exempt seller gets no credit for the tax in what it buys, and its buyer none for
    what it pays, so that only a part of the rate is saved.
    """
    saved = values["registration_relief_rate"] * values["registration_relief_kept"]
    bound = values["registration_relief_bound"]
    return np.array([saved * bound if exempt_in_part(code) else saved for code in range(len(TYPES))])


def law_of(province: Province) -> Law:
    """Give what registration brings under law, worked out when it is first asked for in a run."""
    if province.law is None:
        values = province.values
        relief = relief_by_type(values)
        gain = relief + values["registration_other_gain"]
        types = np.array([values[f"type_share_{name}"] for name in TYPES])
        usual = float((gain * types).sum() / types.sum())
        province.law = Law(relief.tolist(), float(gain[DEVELOPMENT]), float(gain[SERVICE]), usual)
    return province.law


def entry_of_step(province: Province) -> TermsOfEntry:
    """Give what decides on the entry of contracts in the step, put together when it is first asked for."""
    if province.entry is None:
        province.entry = terms_of_entry(province)
    return province.entry


def terms_of_entry(province: Province) -> TermsOfEntry:
    """Put together what decides on the entry of contracts in the step.

    The counts of contracts tell at which value half of a registering seller's contracts
    are entered (``entry_threshold``), not what the paper costs: the usual cost is that
    value times the gain of a yuan in the usual mixture of types. Service points (task 2)
    do a part of the paper of those on whom they call, rewards (task 2) raise the gain.
    """
    values, levers, law = province.values, province.levers, law_of(province)
    served = (1.0 - math.exp(-levers.registration_service)) * values["registration_service_saving"]
    audit = float(levers.registration_audit_rate)
    return TermsOfEntry(
        gain=law.gain,
        bound_gain=law.bound_gain,
        certified_gain=values["registration_certificate_gain"],
        reward=float(levers.registration_reward),
        reward_cap=values["registration_reward_cap"],
        paper=province.now.entry_threshold * law.usual * (1.0 - served),
        near_development=values["near_development_share"],
        dressing=values["relabelling_cost"],
        spared=max(0.0, 1.0 - audit * (1.0 + values["relabelling_fine"])),
        audit=audit,
        parts=round(values["split_parts_most"]),
        called=chance_of_call(province),
        small_value=values["small_contract_value"],
    )


def chance_of_call(province: Province) -> float:
    """Chance that an office enters a small contract that was left out: its quota, if it has the hours.

    Offices plan by what was left out in the step before.
    """
    quota = float(province.levers.registration_quota)
    left_out = province.registry.left_out_before
    if quota <= 0.0 or left_out == 0:
        return quota
    values = province.values
    hands = values["office_entries_share"] * values["enterprise_contracts_2017"] * province.now.dt
    return min(quota, hands / left_out)


def pay_for_registration(province: Province) -> None:
    """Pay offices for what they entered (organisation 1) and sellers their rewards (task 2).

    Last of a step's payments, so that no programme goes without for it, and as far as the
    treasury's money of the step goes. A reward is paid through to owners and staff at once:
    it is no working money, so that it signs no contract.
    """
    tally, books = province.tally, province.books
    wages = round(tally.entered_by_offices * province.values["office_cost_per_contract"])
    for due, cause, task in (
        (wages, _ADMINISTRATION, COORDINATION),
        (int(tally.rewards_due), _SUBSIDY, REWARDING_TASK),
    ):
        amount = min(due, int(province.treasuries.rows["cash"][PROVINCE])) if due > 0 else 0
        if amount > 0:
            pay_public(books.purse, PROVINCE, _HOUSEHOLDS, 0, amount, cause, task, books.flows, books.public)
