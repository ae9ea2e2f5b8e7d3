"""One future traced: who did what, in the story of one contract, one enterprise and one stake.

The future is run once more at scale 1, where a row is one enterprise, with its own parameters and outside
world. Below scale 1 a future of the same number has other rows: the story is one of this world, not of a row
that was counted. Who is told of is chosen by a rule, never by a person: a deal of the middle value is no
exception that somebody liked.

- *contract*: of the contracts registered in the year with a seller in the province, as far as they stand in
  rows, the one of the median value;
- *enterprise*: of those that bought or sold in the year and are at work at its end, the one of the median
  revenue;
- *stake*: of those bought in the last year, up to this one, in which any was bought, the one of median cost.

The median of an even number is the lower one, ties go by key.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ...engine.errors import InputError
from ...engine.seed_and_scale import is_whole
from ..keeping.store import Store
from ..planning import door_to_model
from ..planning.own_code import NOTHING, OwnCode
from ..planning.plan_of_runs import future_seed
from .finished_why import Why
from .seen_deals import SeenDeals

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["COLUMNS", "check_future", "trace", "trace_file", "traced"]

COLUMNS: Final = (
    *("province", "scenario", "future", "seed", "story", "event", "year", "quarter", "key"),
    *("seller", "seller_city", "buyer", "buyer_city", "type", "field", "channel", "registered"),
    *("count", "amount", "other_count", "other_amount"),
)
"""Columns of the table of a trace: a row an event, in the order of the stories. ``event`` says what the row
tells; ``key`` is of the contract, enterprise or stake; ``count`` and ``amount`` (yuan) are explained by the
event, see `EVENTS`. ``quarter`` is empty where a row is of a whole year. Empty cells do not belong to it."""

EVENTS: Final = {
    "contract_chosen": "count: contracts among which it was chosen",
    "contract": "amount: value; count: contracts that the two had signed before",
    "enterprise_chosen": "count: enterprises among which it was chosen",
    "present": "there when the run begins; amount: revenue a year",
    "founded": "amount: revenue a year",
    "year": "amount: revenue a year; other_amount: its R&D",
    "bought": "a year's contracts as buyer: count, amount; other_count: partners new to it",
    "sold": "a year's contracts as seller: amount",
    "certified": "certified as a high-technology enterprise",
    "lost_certificate": "no longer",
    "loan": "technology loan: amount; other_amount: of it under the compensation programme",
    "stake_in": "a fund pays for a stake: amount",
    "closed": "the firm closes",
    "stake_chosen": "count: stakes among which it was chosen",
    "stake": "amount: cost; seller: kind of fund; registered: mostly public capital",
    "held": "year: in which it is to be sold, as drawn at the deal",
    "fails": "year: in which the firm fails, as drawn at the deal",
    "firm_then": "amount: the firm's revenue a year at the deal",
    "firm_later": "amount: at the end of the year that is explained",
    "firm_closed": "the firm closed by then",
    "no_contract": "there is none to tell of",
    "no_enterprise": "there is none to tell of",
    "no_stake": "there is none to tell of",
}
"""What an event tells, and what its numbers are."""


def trace_file(future: int) -> str:
    """Name the table of a future's trace.

    Examples
    --------
    >>> trace_file(12)
    'trace_000012.csv'
    """
    return f"trace_{future:06d}.csv"


def check_future(future: object, runs: int, scenario: Any) -> int:
    """Refuse a future that the explanation does not have, counted from 0, and a scenario not of quarters."""
    from ...model import Watch

    if not is_whole(future) or not 0 <= int(str(future)) < runs:
        raise InputError(f"there is no future {future!r}", key="trace", allowed=f"0 to {runs - 1}")
    Watch().check(scenario, 1.0)
    return int(str(future))


def trace(folder: str | Path, future: int) -> pd.DataFrame:
    """Run a future of a finished explanation at scale 1, tell three stories, and keep them in its folder.

    Parameters
    ----------
    folder : str or Path
        Of `why.why`.
    future : int
        Its number, from 0.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`; written as `trace_file`.

    Raises
    ------
    InputError
        If the folder holds no explanation, or it has no such future, or the scenario is not of quarters.
    """
    done, store = Why.read(folder), Store(Path(folder))
    identity = store.manifest()["identity"]
    ((_, entry),) = identity["scenarios"].items()
    scenario = door_to_model.scenario_of(entry["contents"])
    future = check_future(future, int(identity["runs"]), scenario)
    own = OwnCode.from_folder(store.folder, identity)
    year = int(done.table["year"].max())
    table = traced(scenario, int(identity["seed"]), future, year, own)
    store.write_csv(trace_file(future), table)
    store.list_files()
    return table


def traced(scenario: Scenario, seed: int, future: int, year: int, own: OwnCode = NOTHING) -> pd.DataFrame:
    """Run a future once at scale 1, and tell three stories up to a year.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        Of the batch to which the future belongs.
    future : int
        Its number, from 0.
    year : int
        That is explained.
    own : OwnCode
        Rules and indicators from outside.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`.
    """
    from ...model import Watch
    from ...model.running import run

    seen, of_future = SeenDeals(), future_seed(seed, future)
    rules, indicators = own.load()
    record = run(
        scenario,
        seed=of_future,
        scale=1.0,
        rules=rules,
        indicators={**indicators, **seen.indicators()},
        watch=Watch(units=("firm",), programmes=()),
    )
    told = stories(pd.concat(seen.contracts), pd.concat(seen.stakes), record.tables["firm"], year)
    head = {"province": scenario.pack().name, "scenario": scenario.name, "future": future, "seed": of_future}
    return pd.DataFrame([{**head, **row} for row in told], columns=list(COLUMNS))


def stories(
    contracts: pd.DataFrame, stakes: pd.DataFrame, firms: pd.DataFrame, year: int
) -> Iterator[dict[str, Any]]:
    """Tell the three stories, event by event.

    Parameters
    ----------
    contracts, stakes : DataFrame
        Of all quarters, see `seen_deals`.
    firms : DataFrame
        The panel of enterprises, ``Record.tables["firm"]`` of `model.run`.
    year : int
        That is explained.
    """
    yield from _contract(contracts, year)
    yield from _enterprise(firms, year)
    yield from _stake(stakes, firms, year)


def middle(table: pd.DataFrame, by: str) -> Any:
    """Give the row of the median, the lower one of an even number, ties by key."""
    return table.sort_values([by, "key"], kind="stable").iloc[(len(table) - 1) // 2]


def _contract(contracts: pd.DataFrame, year: int) -> Iterator[dict[str, Any]]:
    of_year = contracts[
        (contracts["year"] == year) & contracts["registered"] & (contracts["seller_city"] != "")
    ]
    story = {"story": "contract", "year": year}
    if of_year.empty:
        yield {**story, "event": "no_contract"}
        return
    one = middle(of_year, "value")
    yield {**story, "event": "contract_chosen", "key": str(one["key"]), "count": len(of_year)}
    pair = contracts[
        (contracts["seller_key"] == one["seller_key"]) & (contracts["buyer_key"] == one["buyer_key"])
    ]
    earlier = pair[pair["year"] * 4 + pair["quarter"] < one["year"] * 4 + one["quarter"]]
    known = one["seller_key"] > 0 and one["buyer_key"] > 0
    names = ("seller", "seller_city", "buyer", "buyer_city", "type", "field", "channel", "registered")
    yield {
        **story,
        "event": "contract",
        **{name: one[name] for name in ("quarter", *names)},
        "key": str(one["key"]),
        "amount": one["value"],
        "count": len(earlier) if known else None,
    }


def _enterprise(firms: pd.DataFrame, year: int) -> Iterator[dict[str, Any]]:
    of_year = firms[firms["year"] == year]
    deals = [name for name in firms.columns if name.startswith("bought_")]
    active = (of_year[deals].sum(axis=1) + (of_year["sold"] > 0)).groupby(of_year["key"]).sum()
    end = of_year[(of_year["quarter"] == 4) & ~of_year["closed"]]
    there = end[end["key"].isin(active.index[active > 0])]
    story: dict[str, Any] = {"story": "enterprise"}
    if there.empty:
        yield {**story, "event": "no_enterprise", "year": year}
        return
    one = middle(there, "revenue")
    yield {**story, "event": "enterprise_chosen", "key": str(one["key"]), "count": len(there), "year": year}
    its = firms[(firms["key"] == one["key"]) & (firms["year"] <= year)]
    yield from ({**story, "key": str(one["key"]), **event} for event in _life(its))


def _life(its: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Tell an enterprise's quarters: what it was at first, then each year and what happened in it."""
    first = its.iloc[0]
    began = "founded" if first["entered"] else "present"
    place = {"seller_city": first["city"], "field": first["field"]}
    yield {"event": began, **_when(first), **place, "amount": first["revenue"]}
    certified = bool(first["certified"])
    bought = [name for name in its.columns if name.startswith("bought_")]
    paid = [name for name in its.columns if name.startswith("paid_")]
    stakes = [name for name in its.columns if name.startswith("stake_")]
    for year, quarters in its.groupby("year"):
        last = quarters.iloc[-1]
        yield {
            "event": "year",
            "year": year,
            "amount": last["revenue"],
            "other_amount": last["rd"],
        }
        if count := int(quarters[bought].to_numpy().sum()):
            yield {
                **{"event": "bought", "year": year, "count": count},
                "amount": quarters[paid].to_numpy().sum(),
                "other_count": quarters["partners_new"].sum(),
            }
        if sold := quarters["sold"].sum():
            yield {"event": "sold", "year": year, "amount": sold}
        for _, now in quarters.iterrows():
            if bool(now["certified"]) != certified:
                certified = bool(now["certified"])
                yield {"event": "certified" if certified else "lost_certificate", **_when(now)}
            lent = now["loan_programme"] + now["loan_ordinary"]
            if lent:
                yield {"event": "loan", **_when(now), "amount": lent, "other_amount": now["loan_programme"]}
            if invested := sum(now[name] for name in stakes):
                yield {"event": "stake_in", **_when(now), "amount": invested}
            if now["closed"]:
                yield {"event": "closed", **_when(now)}


def _stake(stakes: pd.DataFrame, firms: pd.DataFrame, year: int) -> Iterator[dict[str, Any]]:
    known = stakes[stakes["year"] <= year]
    story = {"story": "stake"}
    if known.empty:
        yield {**story, "event": "no_stake", "year": year}
        return
    of_year = known[known["year"] == known["year"].max()]
    one = middle(of_year, "cost")
    head = {**story, "key": str(one["key"])}
    yield {**head, "event": "stake_chosen", "year": one["year"], "count": len(of_year)}
    its = firms[(firms["key"] == one["firm_key"]) & (firms["year"] <= year)]
    then = its[(its["year"] == one["year"]) & (its["quarter"] == one["quarter"])]
    place = {"buyer_city": then["city"].iloc[0], "field": then["field"].iloc[0]} if len(then) else {}
    bought = {"seller": one["fund"], "registered": one["public_led"], "amount": one["cost"]}
    yield {**head, "event": "stake", **_when(one), **place, **bought}
    if len(then):
        yield {**head, "event": "firm_then", **_when(one), "amount": then["revenue"].iloc[0]}
        last = its.iloc[-1]
        if last["closed"]:
            yield {**head, "event": "firm_closed", **_when(last)}
        else:
            yield {**head, "event": "firm_later", "year": last["year"], "amount": last["revenue"]}
    yield {**head, "event": "fails" if one["fails"] else "held", "year": int(one["ends"])}


def _when(row: Any) -> dict[str, Any]:
    return {"year": row["year"], "quarter": row["quarter"]}
