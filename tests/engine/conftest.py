"""A tiny package with our decorator, in a folder of its own, run by a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shaanxi_transfer.engine import rules
from shaanxi_transfer.engine.rule_cache import CACHE_VARIABLE

_CALLEE = """
from .rules import rule

@rule
def price(x):
    return {price}
"""

_CALLER = """
from ..engine.callee import price
from ..engine.rules import rule

@rule
def bill(x):
    return price(x) + 1
"""

_MAIN = """
from tiny.agents.caller import bill
stats = getattr(bill, "stats", None)
result = bill(10)
hits = sum(stats.cache_hits.values()) if stats else -1
print(result, hits)
"""


class Tiny:
    """A package with our decorator, a rule in one room and the rule that it calls in another file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for room in ("engine", "agents", "model"):
            (folder / "tiny" / room).mkdir(parents=True)
            (folder / "tiny" / room / "__init__.py").write_text("")
        (folder / "tiny" / "__init__.py").write_text("")
        for name in ("rules.py", "rule_cache.py", "rule_contents.py", "compiling.py"):
            shutil.copy(Path(rules.__file__).with_name(name), folder / "tiny" / "engine" / name)
        (folder / "tiny" / "agents" / "caller.py").write_text(_CALLER)
        self.write_callee("x * 2")

    def write_callee(self, price: str) -> None:
        (self.folder / "tiny" / "engine" / "callee.py").write_text(_CALLEE.format(price=price))

    def run(self, code: str = _MAIN, **variables: str) -> list[str]:
        """Give what a process prints: by default the bill for 10, and how often the cache was hit."""
        return self.ended(code, **variables).stdout.split()

    def ended(self, code: str = _MAIN, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a process to its end."""
        unset = {"NUMBA_CACHE_DIR", "NUMBA_DISABLE_JIT", CACHE_VARIABLE, "PYTHONPATH"}
        environment = {name: value for name, value in os.environ.items() if name not in unset}
        environment |= {"PYTHONPATH": str(self.folder), CACHE_VARIABLE: str(self.folder / "cache")}
        # Python takes a module's bytecode for current if its time in whole seconds and its size are the
        # same: two edits of one length within a second would not be seen, whatever we do.
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment | variables,
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done

    def caches(self) -> list[Path]:
        return sorted((self.folder / "cache").glob("rules-*"))

    def kept(self, rule: str) -> list[Path]:
        """Give the folders of what was kept of a rule, one for each of its versions."""
        return sorted((self.folder / "cache").glob(f"rules-*/*/{rule}-*"))


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    # A space and a Chinese word, as researchers' folders have.
    folder = tmp_path / "模型 one"
    folder.mkdir()
    return Tiny(folder)
