"""Compile every rule once, before workers or tests start; `engine.compiling` says so."""

from __future__ import annotations

import functools
import sys
import time

from ..engine.rule_cache import forget_old_rules


@functools.cache
def warm() -> float:
    """Run a tiny province once in a process, so that all rules are compiled and kept.

    Returns
    -------
    float
        Seconds that it took; a second or two when all were kept already.
    """
    start = time.perf_counter()
    from ..scenarios import load
    from .running import run

    # To the end: some rules, such as vouchers, first act under the plan.
    run(load("action_plan"), seed=1, scale=0.01)
    forget_old_rules()
    return time.perf_counter() - start


if __name__ == "__main__":
    seconds = warm()
    print(f"rules ready after {seconds:.1f} s", file=sys.stderr)
