"""A province with fewer firms, or a table with more, for races whose load grows with the number of firms."""

from __future__ import annotations

from typing import Any

import numpy as np

from shaanxi_transfer.agents import buying
from shaanxi_transfer.engine.books import SECTOR
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.markets.demand import PRODUCERS
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.scenarios import load

YEARS_BEFORE = 8


def full_province(seed: int = 1) -> Province:
    """A province at 1:1 at the end of 2017; the next quarter begins a year."""
    ecosystem = Ecosystem(load("no_plan").set(draw_parameters=False), seed=seed, scale=1.0)
    for _ in range(4 * YEARS_BEFORE):
        ecosystem.step()
    return ecosystem.province


def with_firms(whole: Province, firms: int) -> Province:
    """Begin a quarter with so many of the enterprises, who meet the demand that was theirs.

    Producers and treasuries stay, with a demand in proportion. Loans and stakes are left
    as they are: what looks at them must not be called.

    Parameters
    ----------
    whole : Province
        At 1:1, between two steps; not changed.
    firms : int
        At most as many as there are.

    Returns
    -------
    Province
    """
    province = whole.branch(whole.scenario)
    table = province.enterprises
    if firms > len(table):
        raise ValueError(f"the province has {len(table)} enterprises, not {firms}")
    staying = np.zeros(len(table), dtype=np.bool_)
    staying[np.linspace(0, len(table) - 1, firms).astype(np.int64)] = True
    _keep_needs(province, staying)
    moved = np.where(staying, np.cumsum(staying) - 1, -1)
    buying.follow_buyers(province.needs.rows, SECTOR["enterprise"], moved)
    columns = {name: float(table.rows[name].sum()) for name in ("appetite", "attraction")}
    table.keep(staying)
    left = {name: float(table.rows[name].sum()) / before for name, before in columns.items()}
    province.begin()
    demand = province.demand
    province.demand = demand._replace(
        local=demand.local * left["appetite"],
        outside_enterprise=demand.outside_enterprise * left["attraction"],
        outside_producer={kind: demand.outside_producer[kind] * left["attraction"] for kind in PRODUCERS},
    )
    return province


def _keep_needs(province: Province, staying: Any) -> None:
    """Drop what the firms that go wanted, and as large a part of what others want."""
    needs = province.needs.rows
    theirs = needs["buyer_sector"] == SECTOR["enterprise"]
    kept = theirs & staying[needs["buyer_row"]]
    share = staying.mean()
    ordinal = np.cumsum(~theirs)
    kept |= ~theirs & (np.floor(ordinal * share) > np.floor((ordinal - 1) * share))
    province.needs.keep(kept)


def many_sellers(sellers: Any, number: int) -> Any:
    """So many sellers like those of a table, with keys of their own."""
    rows = np.resize(sellers, number)
    copy = (np.arange(number) // len(sellers)).astype(np.uint64)
    rows["key"] ^= copy * np.uint64(0x9E3779B97F4A7C15)
    return rows
