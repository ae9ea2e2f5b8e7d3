"""Contracts and stakes of one run, deal by deal: read at the end of each step, before closed firms' rows go.

The rules know nothing of it: it goes the way of an indicator from outside, and its number is that of
contracts that stand in rows. Sales outside the province are counted without rows (decision 0007) and are not
among the deals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ...engine.books import SECTORS

if TYPE_CHECKING:
    from ...model.indicators.from_outside import OwnIndicator
    from ...model.province import Province

__all__ = ["SEEN", "SeenDeals"]

SEEN: Final = "deals_seen"
"""Id of the indicator as which it goes along."""


class SeenDeals:
    """Takes down the contracts and stakes of a run at scale 1.

    Attributes
    ----------
    contracts, stakes : list of DataFrame
        A table a quarter; see `contracts_of` and `stakes_of` for the columns.
    """

    def __init__(self) -> None:
        self.contracts: list[pd.DataFrame] = []
        self.stakes: list[pd.DataFrame] = []

    def indicators(self) -> dict[str, OwnIndicator]:
        """Give what `model.run` takes along."""
        from ...model.indicators.from_outside import OwnIndicator

        return {SEEN: OwnIndicator(self.look, "contracts", "flow", SEEN, SEEN)}

    def look(self, province: Province) -> float:
        """Take down the deals of a step; give the number of contracts."""
        when = {"year": province.quarter.year, "quarter": province.quarter.quarter}
        found = contracts_of(province)
        self.contracts.append(found.assign(**when))
        self.stakes.append(stakes_of(province).assign(**when))
        return float(len(found))


def contracts_of(province: Province) -> pd.DataFrame:
    """Give the contracts that were signed in the step and stand in rows.

    Columns are ``key``, ``seller`` and ``buyer`` (kind), ``seller_key`` and ``buyer_key`` (0 outside and for
    the treasury), ``seller_city``, ``buyer_city`` (empty outside), ``type``, ``field``, ``channel``,
    ``value`` (yuan) and ``registered``.
    """
    from ...agents.goods import CHANNELS, SIGNED, TYPES

    rows, names = province.contracts.rows, province.names
    rows = rows[rows["state"] == SIGNED]
    cities = {who: _named(rows[f"{who}_city"], names["city"]) for who in ("seller", "buyer")}
    return pd.DataFrame(
        {
            "key": rows["key"],
            **{who: np.array(SECTORS)[rows[f"{who}_sector"]] for who in ("seller", "buyer")},
            **{f"{who}_key": _keys(province, rows, who) for who in ("seller", "buyer")},
            **{f"{who}_city": named for who, named in cities.items()},
            "type": np.array(TYPES)[rows["type"]],
            "field": _named(rows["field"], names["field"]),
            "channel": np.array(CHANNELS)[rows["channel"]],
            "value": rows["value"],
            "registered": rows["registered"],
        }
    )


def stakes_of(province: Province) -> pd.DataFrame:
    """Give the stakes that funds bought in the step.

    Columns are ``key``, ``fund`` (kind), ``public_led``, ``firm_key``, ``cost`` (yuan), ``ends`` (date on
    which it is to be sold or written off, drawn at the deal) and ``fails`` (whether the firm fails before).
    """
    from ...agents.fund import KINDS

    rows = province.finance.stakes.rows
    rows = rows[rows["bought"] == province.now.date]
    funds = province.funds.rows[rows["fund_row"]]
    return pd.DataFrame(
        {
            "key": rows["key"],
            "fund": np.array(KINDS)[funds["kind"]],
            "public_led": funds["public_led"],
            **{name: rows[name] for name in ("firm_key", "cost", "ends", "fails")},
        }
    )


def _keys(province: Province, rows: Any, who: str) -> np.ndarray:
    """Give the key of each seller or buyer, 0 for who has no row of its own."""
    keys = np.zeros(len(rows), dtype=np.uint64)
    for code, kind in enumerate(SECTORS):
        table = province.tables.get(kind)
        mine = (rows[f"{who}_sector"] == code) & (rows[f"{who}_row"] >= 0)
        if table is not None and "key" in (table.rows.dtype.names or ()) and mine.any():
            keys[mine] = table.rows["key"][rows[f"{who}_row"][mine]]
    return keys


def _named(codes: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Name codes; -1 is nowhere in the province."""
    return np.array([*names, ""])[np.asarray(codes, dtype=np.int64)]
