"""How long each heading of the quarter's page takes: in compiled rules, and in the Python that calls them.

The page is read as it stands: a clock is set before each of its statements, and every compiled rule that
Python calls is timed. The rules themselves are those of any other run.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
import re
import sys
import textwrap
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from ..engine.compiling import is_known_rule
from .ecosystem import Ecosystem
from .running import run

if TYPE_CHECKING:
    import pandas as pd

    from ..scenarios import Scenario

__all__ = ["COLUMNS", "END", "START", "headings", "profile"]

COLUMNS: Final = ("heading", "call", "rules", "glue")
"""Number of the heading on the page, or `START` or `END`; statement; processor seconds of all quarters."""

START: Final = 0
"""Before the first quarter: the province is put up, and the years before are gone through."""
END: Final = -1
"""After the last quarter: the record is put together."""

_HEADING: Final = re.compile(r"^\s*# ((?:\d+\.|\.\.\.) .*)$")
_PACKAGE: Final = __name__.rpartition(".model.")[0]
_MARK: Final = "_begin"


class _Place(NamedTuple):
    """A statement of the page under its heading."""

    heading: int
    call: str


class _Clock:
    """Processor seconds at each place of the page, and those of them that are spent in compiled rules."""

    def __init__(self) -> None:
        self.together: dict[_Place, float] = defaultdict(float)
        self.in_rules: dict[_Place, float] = defaultdict(float)
        self._place: _Place | None = None
        self._since = 0.0

    def begin(self, place: _Place | None) -> None:
        """Leave the place where the clock stands, and begin at another."""
        now = time.process_time()
        if self._place is not None:
            self.together[self._place] += now - self._since
        self._place, self._since = place, now

    def timed(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Give a rule that tells how long it took."""

        @functools.wraps(rule)
        def told(*given: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return rule(*given, **named)
            finally:
                if self._place is not None:
                    self.in_rules[self._place] += time.process_time() - start

        return told


def profile(scenario: Scenario, *, seed: int = 1, scale: float = 0.1, times: int = 3) -> pd.DataFrame:
    """Tell where a run's time goes.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    scale : float
    times : int
        Runs that are timed, after one that is not; the quickest is told.

    Returns
    -------
    DataFrame
        In the columns of `COLUMNS`, in the order of the page. ``glue`` is all that is no compiled rule called
        from Python: Python itself, NumPy, and what it takes to call.

    Raises
    ------
    InputError
        If the seed or the scale is not allowed.
    """
    import pandas as pd

    with np.errstate(over="ignore"):  # hash arithmetic wraps around on purpose
        run(scenario, seed=seed, scale=scale)  # compiles and loads what the timed runs need
        clocks = [_time(scenario, seed, scale) for _ in range(times)]
    quickest = min(clocks, key=lambda clock: sum(clock.together.values()))
    return pd.DataFrame(
        [
            (*place, quickest.in_rules[place], seconds - quickest.in_rules[place])
            for place, seconds in quickest.together.items()
        ],
        columns=list(COLUMNS),
    )


def _time(scenario: Scenario, seed: int, scale: float) -> _Clock:
    """Make a run under a clock."""
    clock = _Clock()
    timed = type("Timed", (Ecosystem,), {"step": _marked(clock)})
    with _rules_told(clock):
        clock.begin(_Place(START, ""))
        ecosystem = timed(scenario, seed, scale)
        while ecosystem.running:
            ecosystem.step()
        clock.begin(_Place(END, ""))
        ecosystem.record()
        clock.begin(None)
    ecosystem.release()
    return clock


def headings() -> list[str]:
    """List the headings of the quarter's page in their order, as its comments have them."""
    found = map(_HEADING.match, _page()[0])
    return [match[1] for match in found if match]


def _page() -> tuple[list[str], ast.FunctionDef]:
    """Give the text of the quarter's page and its tree."""
    text = textwrap.dedent(inspect.getsource(inspect.unwrap(Ecosystem.step)))
    (function,) = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef)
    return text.splitlines(), function


def _marked(clock: _Clock) -> Callable[[Ecosystem], None]:
    """Give the page with the clock set before each of its statements."""
    lines, page = _page()
    begins = [number for number, line in enumerate(lines, start=1) if _HEADING.match(line)]
    body: list[ast.stmt] = []
    places: list[_Place] = []
    for statement in page.body:
        heading = sum(line < statement.lineno for line in begins)
        if heading:
            call = ast.unparse(statement).splitlines()[0].removesuffix("(province)")
            mark = ast.parse(f"{_MARK}({len(places)})").body[0]
            body.append(ast.copy_location(mark, statement))
            places.append(_Place(heading, call))
        body.append(statement)
    page.body, page.decorator_list = body, []
    names = {**vars(sys.modules[Ecosystem.__module__]), _MARK: lambda place: clock.begin(places[place])}
    code = compile(ast.fix_missing_locations(ast.Module([page], [])), "the quarter's page", "exec")
    exec(code, names)  # the project's own page, read from its file
    marked: Callable[[Ecosystem], None] = names[page.name]
    return marked


@contextlib.contextmanager
def _rules_told(clock: _Clock) -> Iterator[None]:
    """Time every compiled rule that Python calls by its name."""
    exchanged = [
        (vars(module), name, value)
        for path, module in [*sys.modules.items()]
        if path.startswith(f"{_PACKAGE}.")
        for name, value in [*vars(module).items()]
        if is_known_rule(value)
    ]
    for names, name, rule in exchanged:
        names[name] = clock.timed(rule)
    try:
        yield
    finally:
        for names, name, rule in exchanged:
            names[name] = rule
