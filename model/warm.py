"""Compile every rule once, before workers or tests start, and say so."""

from __future__ import annotations

import sys
import time

from ..engine.rules import compiled_already, forget_old_caches


def warm(announce: bool = True) -> float:
    """Run a tiny province once, so that all rules are compiled and in the cache.

    Parameters
    ----------
    announce : bool
        Say on standard error what takes the time, when there is something to compile.

    Returns
    -------
    float
        Seconds that it took; a second or two when the cache is full.
    """
    start = time.perf_counter()
    cold = not compiled_already()
    if cold and announce:
        print("compiling the rules, under a minute, once ...", file=sys.stderr, flush=True)
    from ..scenarios import load
    from .running import run

    # To the end: some rules, such as vouchers, first act under the plan.
    run(load("action_plan"), seed=1, scale=0.01)
    forget_old_caches()
    return time.perf_counter() - start


if __name__ == "__main__":
    seconds = warm()
    print(f"rules ready after {seconds:.1f} s", file=sys.stderr)
