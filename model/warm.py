"""Compile every rule once, before workers or tests start; `engine.compiling` says so."""

from __future__ import annotations

import functools
import sys
import time
from pathlib import Path
from typing import Final

from ..engine.compiling import rules_to_compile
from ..engine.kept_by_contents import kept_by_contents
from ..engine.rule_cache import forget_old_rules

_PACKAGE: Final = Path(__file__).resolve().parent.parent


@functools.cache
def warm() -> float:
    """Have all rules compiled and kept, by a run of a tiny province if some process has not made it before.

    Returns
    -------
    float
        Seconds that it took.
    """
    start = time.perf_counter()
    from . import running  # noqa: F401  # who compiles has to know the rules

    (left_out,) = kept_by_contents(_PACKAGE, "rules that the tiny province leaves out", _left_out)
    if rules_to_compile() > int(left_out):  # somebody has cleared the cache since
        load_rules()
    forget_old_rules()
    return time.perf_counter() - start


@functools.cache
def load_rules() -> None:
    """Run a tiny province, so that this process has all rules, compiled now or before."""
    from ..scenarios import load
    from .running import run

    # To the end: some rules, such as vouchers, first act under the plan.
    run(load("action_plan"), seed=1, scale=0.01)


def _left_out() -> list[str]:
    """Count the rules that the tiny province does not call."""
    load_rules()
    return [str(rules_to_compile())]


if __name__ == "__main__":
    seconds = warm()
    print(f"rules ready after {seconds:.1f} s", file=sys.stderr)
