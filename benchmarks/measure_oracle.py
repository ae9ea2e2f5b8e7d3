"""Race the compiled rules against plain Mesa agents and against C written by hand.

``python benchmarks/measure_oracle.py`` (some minutes; ``--quick`` for one round each) prints
Markdown tables. Times are processor time, best of several rounds, so that a busy machine
changes ratios little. The quarter is the part that ``plain_quarter.py`` names, not all of it.
"""

from __future__ import annotations

import argparse
import functools
import gc
import math
import time
from collections.abc import Callable
from typing import Any

import hand_written_c
import numpy as np
from plain_luck import Luck, QuickLuck, SameLuck
from plain_quarter import PlainQuarter
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


def timed(action: Callable[[], object]) -> float:
    """Processor time of one call, s."""
    start = time.process_time()
    action()
    return time.process_time() - start


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
        compiled = timed(lambda: part.compiled(province))
        if luck is not None:
            times[part.name] = timed(getattr(plain, part.name))
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


def race(whole: Province, firms: int, quick: bool) -> tuple[Times, Times, Times, int]:
    """Best times of the rules, of plain agents with Python's luck and with the model's; what differed."""

    def again(luck: Luck | None) -> tuple[Times, list[str]]:
        return quarter(with_firms(whole, firms), luck)

    seed = int(whole.seed)
    again(None)
    compiled = best([again(None)[0] for _ in range(2 if quick else 7)])
    plain = best([again(QuickLuck(i))[0] for i in range(1 if quick else 3)])
    same = [again(SameLuck(seed)) for _ in range(1 if quick else 2)]
    return compiled, plain, best([times for times, _ in same]), sum(len(found) for _, found in same)


def growth(small: float, large: float, times_as_many: float) -> float:
    """Exponent with which a time grew."""
    return math.log(large / small) / math.log(times_as_many)


def print_race_with_plain_agents(whole: Province, step: float, quick: bool) -> None:
    """Table of the parts, at several numbers of firms."""
    races = [race(whole, firms, quick) for firms in FIRMS]
    compiled = races[-1][0]
    heads = "".join(f" ratio at {firms:,} |" for firms in FIRMS)
    print(f"| part of the quarter | compiled at {FIRMS[-1]:,}, ms | plain Mesa agents, ms |{heads}")
    print("|---|---|---|" + "---|" * len(FIRMS))

    def print_line(words: str, name: str, others: list[Times]) -> None:
        mine, other = 1e3 * compiled[name], 1e3 * others[-1][name]
        ratios = [slow[name] / one[0][name] for slow, one in zip(others, races, strict=True)]
        print(f"| {words} | {mine:.2f} | {other:.1f} |" + "".join(f" {ratio:.0f} |" for ratio in ratios))

    for part in PARTS:
        print_line(part.words, part.name, [one[1] for one in races])
    print_line("sum of a quarter, without the yearly drift", "sum", [one[1] for one in races])
    print_line("the same, plain agents with the model's hash in Python", "sum", [one[2] for one in races])
    slowest = races[-1][1]["sum"]
    print(
        f"\nA whole step of the model, markets and money included, takes {1e3 * step:.1f} ms at 1:1, which is"
    )
    print(f"{slowest / step:.0f} times faster than plain agents do these parts alone.")
    more = FIRMS[-1] / FIRMS[0]
    exponents = [growth(races[0][i]["sum"], races[-1][i]["sum"], more) for i in (0, 1)]
    print(
        f"\nGrowth with the number of firms, exponent: compiled {exponents[0]:.2f}, plain {exponents[1]:.2f}."
    )
    print(f"Numbers that differ between the two, with the same luck: {sum(wrong for *_, wrong in races)}.")


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


def race_of_kernels(by_hand: Any, province: Province, number: int, quick: bool) -> tuple[Times, int]:
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
    for _ in range(max(3, (200_000 if quick else 6_000_000) // number)):
        # In turns, so that what else the machine does hits both.
        for name, call in calls.items():
            fastest[name] = min(fastest[name], timed(call))
    return fastest, int((sold["rule"] != sold["c"]).sum())


def print_race_with_c(whole: Province, quick: bool) -> None:
    """Table of the kernel of sales outside, compiled by Numba and by gcc."""
    if hand_written_c.compiler() is None:
        print("\nNo gcc here: no race with C.")
        return
    by_hand = hand_written_c.build()
    province = with_firms(whole, len(whole.enterprises))
    print(
        "\n| sales outside, enterprises | compiled rule, ms | C by hand (gcc -O3 -march=native), ms | ratio |"
    )
    print("|---|---|---|---|")
    times = []
    wrong = 0
    for number in SELLERS:
        fastest, differing = race_of_kernels(by_hand, province, number, quick)
        wrong += differing
        times.append(fastest)
        rule, c = fastest["rule"], fastest["c"]
        print(f"| {number:,} | {1e3 * rule:.3f} | {1e3 * c:.3f} | {rule / c:.2f} |")
    more = SELLERS[-1] / SELLERS[0]
    exponents = [growth(times[0][name], times[-1][name], more) for name in ("rule", "c")]
    print(f"\nGrowth, exponent: compiled rule {exponents[0]:.3f}, C {exponents[1]:.3f}.")
    print(f"Sellers whose sum differs by a yuan or more: {wrong} of {sum(SELLERS):,}.")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round each")
    quick = parser.parse_args().quick
    with np.errstate(over="ignore"):
        whole, step = full_province()
        print(f"Enterprises at 1:1 at the end of 2017: {len(whole.enterprises):,}\n")
        print_race_with_plain_agents(whole, step, quick)
        print_race_with_c(whole, quick)


if __name__ == "__main__":
    main()
