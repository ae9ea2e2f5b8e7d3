from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable

import numba
import numpy as np
import pytest

from shaanxi_transfer.engine.rule_contents import hash_of_contents
from shaanxi_transfer.engine.rules import rule

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")

FACTOR = 2
TABLE = np.array([1.0, 2.0])


@rule
def double(x: float) -> float:
    return FACTOR * x


def plain(x: float) -> float:
    """What it does."""
    return float(double(x) + TABLE[0] + math.sqrt(x))


@pytest.mark.parametrize(
    ("name", "value"),
    [("FACTOR", 3), ("FACTOR", 2.0), ("TABLE", np.array([1.0, 3.0])), ("TABLE", TABLE.astype(np.float32))],
)
def test_a_constant_anywhere_below_is_part_of_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    before = hash_of_contents(plain)
    assert hash_of_contents(plain) == before
    monkeypatch.setitem(globals(), name, value)
    assert hash_of_contents(plain) != before


def test_another_rule_under_the_same_name_is_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = hash_of_contents(plain)

    def double(x: float) -> float:
        return FACTOR * x + 1

    monkeypatch.setitem(globals(), "double", rule(double))
    assert hash_of_contents(plain) != before


def test_words_and_places_are_no_part_of_it() -> None:
    plain = 'def f(x):\n    """One."""\n    return x + 1\n'
    texts = (plain, "\n# moved\n" + plain.replace("One.", "Another."))
    hashes = []
    for text in texts:
        names: dict[str, object] = {}
        exec(compile(text, "<a file>", "exec"), names)
        hashes.append(hash_of_contents(names["f"]))
    assert hashes[0] == hashes[1]


def test_what_the_function_around_it_holds_is_part_of_it() -> None:
    def around(held: int) -> Callable[[int], int]:
        return lambda x: x + held

    assert hash_of_contents(around(1)) == hash_of_contents(around(1)) != hash_of_contents(around(2))


def test_a_set_has_no_order() -> None:
    code = (
        "from shaanxi_transfer.engine.rule_contents import hash_of_contents as h;"
        "print(h(lambda x: x in {'one', 'two', 'three', 'four'}))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1


def test_every_rule_of_the_model_has_the_same_hash_in_two_processes() -> None:
    code = (
        "import shaanxi_transfer.model.running;"
        "from shaanxi_transfer.engine import compiling, rule_contents as c;"
        "print(*(c.hash_of_contents(r.py_func) for r in compiling._rules.values()))"
    )
    one, other = (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(2)
    )
    assert len(one) > 200
    assert one == other
