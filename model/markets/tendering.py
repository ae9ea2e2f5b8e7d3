"""Challenge tenders: a firm puts out a problem, those who know bid, and the best bid wins or none does.

Universities, institutes, military units and firms bid; the firm ranks the bids by fit and name and by
what only the bid itself shows, and a firm that does research weighs them against doing the work itself. With
fewer than three bids a tender is void (Law on Tendering and Bidding of 1999, article 28).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents import voucher
from ...engine import luck
from ...engine.rules import rule
from ...engine.table import Rows
from .directory import Listing, choose_seller

if TYPE_CHECKING:
    from ...agents.inputs import Moment, Parameters
    from ...agents.rows import EnterpriseRow, VoucherRow

BIDDERS = luck.mechanism("bidders of a challenge tender")
BID = luck.mechanism("bid in a challenge tender")
SEARCH = luck.mechanism("enterprise that bids in a challenge tender")

LEAST_BIDS: Final = 3
"""Bids without which a tender is void."""

VOID, REFUSED = range(2)

Counts = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


@rule
def merit(fit: float, reputation: float, u: float) -> float:
    """Score of a bid: fit times name in logarithms, and what only the bid shows (Gumbel).

    Of bids with merits ``w`` each is the best with the chance ``w`` over their sum (McFadden 1974).
    """
    return float(math.log(max(1e-9, fit * reputation)) - math.log(-math.log(u)))


@rule
def hold_tenders(
    vouchers: Rows[VoucherRow],
    firms: Rows[EnterpriseRow],
    field: Counts,
    reputation: Numbers,
    upto: Numbers,
    listing: Listing,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    outcomes: Counts,
) -> None:
    """Let bids come in for each tender and its firm choose; writes who won, and whom that makes the partner.

    Of the tickets that would make a contract with a producer those won by an enterprise make fewer
    (``voucher_additional_enterprise``): the difference is paid for contracts made anyway. A void tender, and
    one whose firm had rather do the work itself, is not used.

    Parameters
    ----------
    vouchers : structured ndarray
        The tenders of the step.
    field, reputation, upto : ndarray of shape (producers,)
        Field and name of the producers, and their cumulative weights.
    outcomes : ndarray of int64 of shape (2,)
        To which void tenders and refused bids are added.
    """
    kept = min(1.0, parameters.voucher_additional_enterprise / parameters.voucher_additional)
    buckets, slots, places, reach = listing
    for i in range(len(vouchers)):
        ticket = vouchers[i]
        firm = firms[ticket.firm_row]
        number = luck.poisson_quantile(
            luck.uniform(seed, BIDDERS, ticket.key, now.step, 0), parameters.tender_bids
        )
        best = -np.inf
        if firm.research_user:
            best = merit(1.0, 1.0, luck.uniform(seed, BIDDERS, ticket.key, now.step, 1))
        came = 0
        for k in range(number):
            kind, place = luck.two_uniforms(seed, BID, ticket.key, now.step, 2 * k)
            own = luck.uniform(seed, BID, ticket.key, now.step, 2 * k + 1)
            of_producer = kind < parameters.voucher_producer_share and len(upto) > 0
            if of_producer:
                bidder = min(len(upto) - 1, np.searchsorted(upto, place * upto[-1], side="right"))
                fit = 1.0 if field[bidder] == firm.field else parameters.cross_field_share
                score = merit(fit, reputation[bidder], own)
            else:
                chances = luck.stream(seed, SEARCH, luck.child_key(ticket.key, SEARCH, now.step, k), now.step)
                bidder = choose_seller(
                    place, chances, 0, firm.field, firm.city, buckets, slots, places, reach
                )
                if bidder < 0 or bidder == ticket.firm_row:
                    continue
                score = merit(1.0, firms[bidder].reputation, own)
            came += 1
            if score > best:
                best = score
                ticket.bidder = bidder
                ticket.of_producer = of_producer
        if came < LEAST_BIDS:
            ticket.bidder = -1
            outcomes[VOID] += 1
        else:
            outcomes[REFUSED] += came - (1 if ticket.bidder >= 0 else 0)
        if ticket.bidder < 0:
            ticket.fate = voucher.UNUSED
        elif ticket.fate == voucher.ADDITIONAL and not ticket.of_producer:
            if luck.uniform(seed, BIDDERS, ticket.key, now.step, 2) >= kept:
                ticket.fate = voucher.DEADWEIGHT
