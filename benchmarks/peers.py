"""Race the compiled rules against plain Mesa agents and against C written by hand.

Times are processor time, best of several rounds, so that a busy machine changes ratios little. The
quarter is the part that ``plain_quarter.py`` names, not all of it.
"""

from __future__ import annotations

import functools
import gc
import math
from collections.abc import Callable, Iterator
from typing import Any

import hand_written_c
import numpy as np
from plain_luck import Luck, QuickLuck, SameLuck
from plain_quarter import PlainQuarter
from rows import Row, cpu_seconds, exponent
from side_by_side import AFTER_THE_MARKET, BEFORE_THE_MARKET, PARTS, differences, meet
from slices import full_province, many_sellers, with_firms

from shaanxi_transfer.engine.books import SECTOR
from shaanxi_transfer.model.markets import outside_sales
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.quarter import registration
from shaanxi_transfer.model.state.registry import Registry

FIRMS = (1_000, 5_000, 20_000)
SELLERS = (1_000, 20_000, 600_000)

Times = dict[str, float]


def quarter(province: Province, luck: Luck | None) -> tuple[Times, list[str]]:
    """Do the parts of a quarter in one of the two ways; gives their times, and what differs from the other.

    Parameters
    ----------
    province : Province
        Has begun its step; is used up.
    luck : Luck or None
        Of the plain agents, which then are timed; None times the compiled rules.
    """
    plain = PlainQuarter(province, luck)
    gc.collect()
    times: Times = {}

    def do(part: Any) -> None:
        compiled = cpu_seconds(lambda: part.compiled(province))
        if luck is not None:
            times[part.name] = cpu_seconds(getattr(plain, part.name))
        else:
            times[part.name] = compiled

    for part in BEFORE_THE_MARKET:
        do(part)
    if not isinstance(luck, SameLuck):
        plain.take_needs(province.needs.rows)
        plain.outside_left = province.outside_budget_left
    meet(province, plain, offers=False)
    for part in AFTER_THE_MARKET:
        do(part)
    differing = differences(province, plain) if isinstance(luck, SameLuck) else []
    plain.release()
    return times, differing


def best(rounds: list[Times]) -> Times:
    """The best time of each part, and their sum without what is done once a year."""
    times = {part.name: min(one[part.name] for one in rounds) for part in PARTS}
    return {**times, "sum": sum(times[part.name] for part in PARTS if not part.yearly)}


def race(whole: Province, firms: int) -> tuple[Times, Times, Times, int]:
    """Best times of the rules, of plain agents with Python's luck and with the model's; what differed."""

    def again(luck: Luck | None) -> tuple[Times, list[str]]:
        return quarter(with_firms(whole, firms), luck)

    seed = int(whole.seed)
    again(None)
    compiled = best([again(None)[0] for _ in range(7)])
    plain = best([again(QuickLuck(i))[0] for i in range(3)])
    same = [again(SameLuck(seed)) for _ in range(2)]
    return compiled, plain, best([times for times, _ in same]), sum(len(found) for _, found in same)


def rows_of_plain_agents(whole: Province) -> Iterator[Row]:
    """Yield how much longer plain agents take, part by part, and how both grow."""
    races = [race(whole, firms) for firms in FIRMS]
    compiled, plain, same, _ = races[-1]
    for part in PARTS:
        yield Row(f"plain Mesa agents / rules: {part.words}", plain[part.name] / compiled[part.name], "ratio")
    sums = plain["sum"] / compiled["sum"]
    yield Row(
        f"plain Mesa agents / rules: these parts of a quarter, {FIRMS[-1]:,} firms", sums, "ratio", 50, 70
    )
    yield Row("the same, with the model's hash in Python", same["sum"] / compiled["sum"], "ratio")
    for words, which in (("rules", 0), ("plain Mesa agents", 1)):
        slope = exponent(FIRMS, [one[which]["sum"] for one in races])
        yield Row(f"growth of these parts with firms, {words}", slope, "exponent")
    yield Row("numbers that differ, with the same luck", sum(one[3] for one in races), "count")


def kernel(province: Province, number: int) -> tuple[tuple[Any, ...], Any]:
    """Arguments of ``sell_outside`` for so many enterprises, and the registry that it counts in."""
    firms = many_sellers(province.enterprises.rows, number)
    demand = province.demand
    registry = Registry(len(province.names["city"]))
    wanted = np.full(
        len(province.names["field"]),
        demand.outside_enterprise * province.now.dt / float(province.enterprises.rows["attraction"].sum()),
    )
    members = np.maximum(1, firms["members"])
    marks = (firms["registered"] / members, firms["certified"] / members)
    values = (demand.mean_value, province.values["contract_value_ln_sd"])
    types = (province.type_cumulative["enterprise"], province.type_value)
    entry = registration.terms_of_entry(province)
    rest = (1.0, entry, province.terms.trade, province.now, province.seed, registry.tally)
    cities = (registry.city_value, registry.city_count)
    return (firms, SECTOR["enterprise"], *marks, wanted, *values, *types, *rest, *cities), registry


def race_of_kernels(by_hand: Any, province: Province, number: int) -> tuple[Times, int]:
    """Best times of the rule and of the C, and how many sellers sold another sum."""
    calls: dict[str, Callable[[], object]] = {}
    sold = {}
    for name in ("rule", "c"):
        arguments, registry = kernel(province, number)
        rule = functools.partial(outside_sales.sell_outside, *arguments)
        calls[name] = rule if name == "rule" else by_hand(*arguments)
        calls[name]()
        sold[name] = arguments[0]["sold"].copy()
        assert registry.tally.signed_value == sold[name].sum() > 0
    fastest = dict.fromkeys(calls, math.inf)
    for _ in range(max(5, 3_000_000 // number)):
        # In turns, so that what else the machine does hits both.
        for name, call in calls.items():
            fastest[name] = min(fastest[name], cpu_seconds(call))
    return fastest, int((sold["rule"] != sold["c"]).sum())


def rows_of_c(whole: Province) -> Iterator[Row]:
    """Yield how much longer the rule of sales outside takes than C by hand, and how both grow."""
    if hand_written_c.compiler() is None:
        yield Row("rule / C by hand, sales outside (no gcc here)", None, "ratio", 1.3, 1.1)
        return
    by_hand = hand_written_c.build()
    province = with_firms(whole, len(whole.enterprises))
    races = {number: race_of_kernels(by_hand, province, number) for number in SELLERS}
    for number, (fastest, _) in races.items():
        asked = () if number < FIRMS[-1] else (1.3, 1.1)
        name = f"rule / C by hand (gcc -O3 -march=native), sales outside, {number:,} firms"
        yield Row(name, fastest["rule"] / fastest["c"], "ratio", *asked)
    slopes = {which: exponent(SELLERS, [one[which] for one, _ in races.values()]) for which in ("c", "rule")}
    yield Row("growth of sales outside with firms, C", slopes["c"], "exponent")
    asked = (slopes["c"] + 0.05, slopes["c"] + 0.02)
    yield Row("growth of sales outside with firms, rule", slopes["rule"], "exponent", *asked)
    wrong = sum(differing for _, differing in races.values())
    yield Row("sellers whose sum differs by a yuan or more", wrong, "count")


def rows() -> Iterator[Row]:
    """Yield all of them."""
    with np.errstate(over="ignore"):
        whole = full_province()
        yield from rows_of_plain_agents(whole)
        yield from rows_of_c(whole)
