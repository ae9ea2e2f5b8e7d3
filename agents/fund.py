"""Funds: what a fund is, and the venture funds beside the guidance fund.

How sub-funds of the guidance fund are announced, signed and paid stands in `sub_fund`, whose money it is
in `fund_sources`. What the government pays brings in about nine tenths of its amount of new private
money; the rest of what private partners sign is *relabelled*: they promise to a fund with public money
what they had promised to other venture funds, whose open commitments shrink by the same amount.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from ..engine import luck
from ..engine.columns import CODE, COUNT, FLAG, KEY, MONEY, NUMBER, Column, Columns
from ..engine.rules import rule
from ..engine.table import Rows, Table
from .kind import Kind, Opening, declare
from .view import RowView

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import FundRow

KINDS: Final = ("pool", "guidance", "other")
POOL, GUIDANCE, OTHER = range(3)

STAGES: Final = ("angel", "growth")
ANGEL, GROWTH = range(2)

TASK: Final = 21
"""Task of the plan that pays for the guidance fund."""

COLUMNS: Final[Columns[FundRow]] = (
    Column("key", KEY, "key", "identity: province, kind and ordinal"),
    Column(
        "kind", CODE, "code", "pool that bears losses of loans, guidance sub-fund, other venture fund", KINDS
    ),
    Column("city", CODE, "code", "seat, index into the pack's cities"),
    Column("treasury", COUNT, "code", "row of the treasury that holds the government's part; 0 the province"),
    Column("stage", CODE, "code", "firms that it looks for: small funds take the early ones", STAGES),
    Column("born", NUMBER, "date", "date of its proposal, or of its founding"),
    Column("closing", NUMBER, "date", "date on which fund-raising ends"),
    Column("ends", NUMBER, "date", "date by which everything is sold"),
    Column("ratio", NUMBER, "multiple", "capital agreed for a yuan of the government's (public funds)"),
    Column("public_led", FLAG, "switch", "most of its capital is public, state firms' included"),
    Column("target", MONEY, "yuan", "size that was announced"),
    Column("reachable", MONEY, "yuan", "what its partners will have signed at closing"),
    Column("committed", MONEY, "yuan", "signed by all partners so far"),
    Column("government", MONEY, "yuan", "of it the government's part, paid in when signed"),
    Column("private", MONEY, "yuan", "of it private money that would not have come otherwise"),
    Column("relabelled", MONEY, "yuan", "of it money that was promised to other funds before"),
    Column("unsigned", MONEY, "yuan", "what partners did not sign, since no other fund had it to move"),
    Column("central", MONEY, "yuan", "of the social part, money of the central government"),
    Column("municipal", MONEY, "yuan", "of the social part, money of cities and districts"),
    Column("state", MONEY, "yuan", "of the social part, money of state firms and other public bodies"),
    Column("forgone", MONEY, "yuan", "capital lost to funds with public money (other funds only)"),
    Column("called", MONEY, "yuan", "social money paid in"),
    Column("invested", MONEY, "yuan", "paid for stakes so far"),
    Column("deals", COUNT, "count", "stakes bought so far"),
    Column("book", MONEY, "yuan", "stakes held, at cost"),
    Column("sold", MONEY, "yuan", "stakes given up so far, at cost"),
    Column("returned", MONEY, "yuan", "proceeds of stakes given up, passed on to the partners"),
    Column("cash", MONEY, "yuan", "money at hand"),
)

OTHER_FUND = luck.mechanism("other venture fund")
OLD_FUND = luck.mechanism("venture fund of the start")
LEAD = luck.mechanism("who leads a venture fund")

MOST_PROPOSALS: Final = 64
"""Funds founded in one step at most; room for so many is reserved."""

PARAMETERS_READ: Final = (
    "fund_life_years", "fund_target_ln_sd", "other_fund_births", "other_fund_size", "other_fund_state_led",
    "other_funds_2010",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def lognormal(u: float, mean: float, sd: float) -> float:
    """Give the size at a quantile, about a mean."""
    return float(mean * math.exp(sd * luck.normal_quantile(u) - 0.5 * sd * sd))


@rule
def found_other_funds(
    funds: Rows[FundRow],
    count: int,
    number: int,
    province: np.uint64,
    city: int,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> int:
    """Found venture funds beside the guidance fund, with all that their partners promise."""
    for k in range(min(number, MOST_PROPOSALS)):
        key = luck.child_key(province, OTHER_FUND, now.step, k)
        size, stage = luck.two_uniforms(seed, OTHER_FUND, key, 0, 0)
        fund = funds[count]
        fund.key = key
        fund.kind = OTHER
        fund.city = city
        fund.stage = ANGEL if stage < 0.5 else GROWTH
        fund.public_led = luck.uniform(seed, LEAD, key, 0, 0) < parameters.other_fund_state_led
        fund.born = now.date
        fund.closing = now.date
        fund.ends = now.date + parameters.fund_life_years
        fund.target = int(lognormal(size, parameters.other_fund_size, parameters.fund_target_ln_sd)) + 1
        fund.committed = fund.reachable = fund.target
        count += 1
    return count


def other_funds_of_the_step(
    count_2010: float, parameters: Parameters, now: Moment, seed: np.uint64, province: int
) -> int:
    """Draw how many venture funds beside the guidance fund are founded in the step."""
    mean = count_2010 * parameters.other_fund_births * float(now.dt)
    u = luck.draw_uniform(int(seed), int(OTHER_FUND), province, int(now.step))
    return int(luck.poisson_quantile(u, mean))


def settle(table: Table[FundRow], parameters: Parameters, opening: Opening) -> None:
    """Set up the pool, still empty, and the venture funds of the start, half way through their investing."""
    number, seed, date = round(parameters.other_funds_2010), int(opening.seed), opening.date
    rows = table.extend(1 + number)
    rows["city"] = opening.capital
    rows["kind"] = [POOL, *[OTHER] * number]
    rows["key"] = [luck.key_of("fund", opening.province, which) for which in ("pool", *range(number))]
    sd = parameters.fund_target_ln_sd
    for row in rows[1:]:
        z = luck.draw_normal(seed, int(OLD_FUND), int(row["key"]))
        age = 4.0 * luck.draw_uniform(seed, int(OLD_FUND), int(row["key"]), 0, 1)
        size = round(parameters.other_fund_size * float(np.exp(sd * z - 0.5 * sd * sd))) + 1
        row["born"] = row["closing"] = date - age
        row["ends"] = date - age + parameters.fund_life_years
        row["public_led"] = (
            luck.draw_uniform(seed, int(LEAD), int(row["key"])) < parameters.other_fund_state_led
        )
        row["target"] = size
        # What was invested before the start lies in the past: only the rest is on the books.
        row["committed"] = row["reachable"] = round(size * (1.0 - age / 4.0))


KIND: Final = Kind("fund", "funds", COLUMNS, "finance", PARAMETERS_READ, settle)
declare(KIND)


class Fund(RowView, kind=KIND):
    """A sub-fund of the guidance fund, another venture fund, or the pool behind technology loans."""
