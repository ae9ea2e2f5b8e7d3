"""What a run really calls is what its hash covers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import shaanxi_transfer
from shaanxi_transfer.engine.reached_code import reached
from shaanxi_transfer.experiments.planning.code_of_numbers import COUNTING, RUN, WITHOUT_A_RULE

ROOT = Path(shaanxi_transfer.__file__).resolve().parent

ROOMS = ("engine", "agents", "model", "scenarios")

# Plain rules are seen by the profiler, compiled ones are not.
WATCHED = """
import sys
from shaanxi_transfer.model import run
from shaanxi_transfer.scenarios import load
scenario = load("action_plan").set(province="hainan", belief="prior", plan_start="2010-Q3", end="2011-Q4")
called = set()
def watch(frame, event, _):
    if event == "call":
        called.add((frame.f_code.co_filename, frame.f_code.co_qualname))
sys.setprofile(watch)
run(scenario, seed=1, scale=0.01)
sys.setprofile(None)
for file, name in called:
    print(file, name, sep="\\t")
"""


@pytest.mark.slow
def test_every_function_that_a_run_calls_is_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    done = subprocess.run([sys.executable, "-c", WATCHED], capture_output=True, text=True, check=True)
    called = dict[str, str]()
    for line in done.stdout.splitlines():
        file, name = line.split("\t")
        outer = name.split(".<locals>")[0]
        if Path(file).resolve().is_relative_to(ROOT) and "<" not in outer:
            module = ".".join(Path(file).resolve().relative_to(ROOT).with_suffix("").parts)
            if module.split(".")[0] in ROOMS and not module.startswith((*COUNTING, *WITHOUT_A_RULE)):
                called[outer] = module
    covered = reached(ROOT, RUN, left_out=[*COUNTING, *WITHOUT_A_RULE])
    # What only counts has a hash for each indicator, beside that of the run.
    covered |= reached(ROOT, [*RUN, ("model.indicators", "INDICATORS"), ("model.indicators", "BY_CITY")])
    assert len(called) > 300
    # What a class does unasked, and what it decorates, stands in its own tree.
    in_class = {name for name in called if f"name={name.rpartition('.')[2]!r}" in _tree(covered, name)}
    assert sorted(f"{called[name]}.{name}" for name in {*called} - {*covered} - in_class) == []


def _tree(covered: dict[str, list[str]], method: str) -> str:
    return "".join(covered.get(method.rpartition(".")[0], ()))
