from __future__ import annotations

import shutil
from typing import Any

import numba
import pytest

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")

_COUNTED = """
from tiny.agents.caller import bill
from tiny.engine.compiling import compiling_told, rules_to_compile
print(rules_to_compile())
with compiling_told(lambda ready, rules: print(f"{ready}/{rules}")):
    bill(10)
print(rules_to_compile())
"""


def test_rules_are_counted_as_they_are_compiled_and_one_line_says_so_before(tiny: Any) -> None:
    cold = tiny.ended(_COUNTED)
    assert cold.stdout.split() == ["2", "1/2", "2/2", "0"]
    assert cold.stderr.startswith(
        "compiling 2 or more of 2 rules of the model, 1 s or more, once; later runs load them"
    )
    assert cold.stderr.count("\n") == 1
    warm = tiny.ended(_COUNTED)
    assert warm.stdout.split() == ["0", "0"], "nothing is told where all are kept"
    assert warm.stderr == ""


def test_a_rule_that_was_lost_is_the_only_one_to_compile(tiny: Any) -> None:
    tiny.run()
    (lost,) = tiny.kept("caller.bill")
    shutil.rmtree(lost)
    again = tiny.ended(_COUNTED)
    assert again.stdout.split() == ["1", "2/2", "0"]
    assert again.stderr.startswith("compiling 1 or more of 2 rules")


_AS_A_WORKER = """
import multiprocessing
def work():
    from tiny.agents.caller import bill
    assert bill(10) == 21
if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    one = multiprocessing.Process(target=work)
    one.start()
    one.join()
    print(one.exitcode)
"""


def test_a_worker_process_says_nothing(tiny: Any) -> None:
    (tiny.folder / "script.py").write_text(_AS_A_WORKER)
    told = tiny.ended("import runpy; runpy.run_path('script.py', run_name='__main__')")
    assert (told.stdout.split(), told.stderr) == (["0"], "")
