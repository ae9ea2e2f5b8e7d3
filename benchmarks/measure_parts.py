"""Where the time of a run goes: ``python benchmarks/measure_parts.py`` prints two Markdown tables.

A profiler makes short functions look longer than they are, so that it only tells the
parts' shares; the time that is shared out is measured without it. Each function counts with the
best of several runs of one future, because other work on the machine disturbs single ones.
"""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable
from pathlib import Path

from measure import ROOT, rules, seconds

from shaanxi_transfer.agents.goods import SIGNED
from shaanxi_transfer.engine.books import SECTOR
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.running import run
from shaanxi_transfer.scenarios import Scenario, load

RUNS = 15
LISTED = 12

Function = tuple[str, str]
"""File and name."""


def best_of_each(action: Callable[[], object]) -> dict[Function, tuple[float, int]]:
    """Own seconds of every function, the best of several runs, and how often it was called in one."""
    found: dict[Function, tuple[float, int]] = {}
    for _ in range(RUNS):
        profile = cProfile.Profile()
        profile.runcall(action)
        of_this_run: dict[Function, tuple[float, int]] = {}
        for (file, _, name), (_, calls, own, _, _) in pstats.Stats(profile).stats.items():
            before, times = of_this_run.get((file, name), (0.0, 0))
            of_this_run[file, name] = before + own, times + calls
        for function, (own, calls) in of_this_run.items():
            found[function] = min(found.get(function, (own, calls)), (own, calls))
    return found


def contracts_of_a_run(scenario: Scenario) -> int:
    """Contracts that are drawn from the start of the record on: proposals, and sales outside without rows."""
    ecosystem, contracts = Ecosystem(scenario, seed=2, scale=0.1), 0
    for _ in range(ecosystem.province.calendar.steps):
        ecosystem.step()
        rows, tally = ecosystem.province.contracts.rows, ecosystem.province.tally
        with_rows = (rows["state"] == SIGNED) & (rows["seller_sector"] != SECTOR["outside"])
        contracts += len(rows) + int(tally.signed_count) - int(with_rows.sum())
    return contracts


def main() -> None:
    """Measure and print."""
    plan = load("action_plan")

    def one_run() -> object:
        return run(plan, seed=2, scale=0.1)

    one_run()
    whole = seconds(one_run, RUNS)
    functions, compiled = best_of_each(one_run), {(str(file), node.name) for file, node in rules()}
    kinds = {"compiled rules": 0.0, "NumPy and what else is built in": 0.0, "Python": 0.0}
    for function, (own, _) in functions.items():
        built_in = function[0].startswith("~")
        kind = "compiled rules" if function in compiled else list(kinds)[1 if built_in else 2]
        kinds[kind] += own
    profiled = sum(kinds.values())
    print(f"One run at 0.1 takes {1e3 * whole:.0f} ms, and {1e3 * profiled:.0f} in the profiler.\n")
    print("| part | in the profiler, ms | share |\n|---|---|---|")
    for kind, took in kinds.items():
        print(f"| {kind} | {1e3 * took:.0f} | {took / profiled:.2f} |")
    contracts = contracts_of_a_run(plan)
    each = 1e9 * kinds["compiled rules"] / contracts
    print(f"\n{contracts:,} contracts are drawn: {each:.0f} ns of compiled rules for each.\n")
    print("| rule | ms | calls | microseconds a call |\n|---|---|---|---|")
    dearest = sorted(((functions[each], each) for each in compiled & set(functions)), reverse=True)
    for (own, calls), (file, name) in dearest[:LISTED]:
        where = Path(file).relative_to(ROOT).as_posix()
        print(f"| `{name}` ({where}) | {1e3 * own:.1f} | {calls} | {1e6 * own / calls:.0f} |")


if __name__ == "__main__":
    main()
