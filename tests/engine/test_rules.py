from __future__ import annotations

from typing import Any


def test_without_the_compiler_a_rule_is_the_function_itself(tiny: Any) -> None:
    assert tiny.run(NUMBA_DISABLE_JIT="1") == ["21", "-1"]
    assert tiny.caches() == []
    code = "from tiny.agents.caller import bill; print(type(bill).__name__, bill.__name__)"
    assert tiny.run(code, NUMBA_DISABLE_JIT="1") == ["function", "bill"]


def test_rules_keep_their_name_and_sentence() -> None:
    from shaanxi_transfer.engine.books import pay

    assert pay.__name__ == "pay"
    assert (pay.__doc__ or "").startswith("Move whole yuan")


_CALLERS = """
from ..engine.callee import price
from ..engine.rules import rule

@rule
def bills(rows, key):
    total = 0
    for i in range(len(rows)):
        total += price(7) + price(rows[i].small) + price(rows[i].large) + price(True) - 2
    return total, price(key), price(0.25)
"""

_SHARED = """
import numpy as np
from tiny.agents.callers import bills
from tiny.engine.callee import price
rows = np.array([(-3, 2**40), (5, 1)], dtype=[("small", np.int16), ("large", np.int64)])
total, key, part = bills(rows, np.uint64(2**63 + 1))
print(total == 2 * (2 * 7 + 2 + 2**40 + 1), key == 2, part == 0.5)
print(*sorted(str(signature[0]) for signature in price.signatures))
"""


def test_callers_share_what_was_compiled_for_whole_numbers(tiny: Any) -> None:
    (tiny.folder / "tiny" / "agents" / "callers.py").write_text(_CALLERS)
    found = tiny.run(_SHARED)
    assert found[:3] == ["True", "True", "True"]
    # Constants and narrow columns need no code of their own; keys, fractions and truth values do.
    assert found[3:] == ["bool", "float64", "int64", "uint64"]
