"""A hash of code covers what fixes a number, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.reached_code import hash_of_reached, hashes_of_functions, reached

FILES = {
    "__init__.py": "",
    "model/__init__.py": "_HOME = {'run': 'running'}\n",
    "model/running.py": '''
"""A run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..agents import firm
from .markets.trade import Market as Place

if TYPE_CHECKING:
    from ..reports.page import write


def run(seed: int) -> int:
    """Run."""
    from .start import first_year

    if seed < 0:
        raise ValueError("the seed is negative")
    return firm.certify(seed) + Place().clear() + first_year() + Title(title_en="A run").number


class Title:
    """A title."""

    def __init__(self, title_en: str) -> None:
        self.number = 1
''',
    "model/start.py": "FIRST = 2010\n\n\ndef first_year():\n    return FIRST\n",
    "model/markets/__init__.py": '"""Markets."""\n',
    "model/markets/trade.py": """
from ..counting import unread

class Market:
    def clear(self):
        return self.price() * 2

    def price(self):
        return 3

    def never_called(self):
        return 4
""",
    "model/counting.py": "def unread():\n    return 5\n",
    "agents/__init__.py": "",
    "agents/firm.py": "from .chance import draw\n\n\ndef certify(x):\n    return draw(x)\n",
    "agents/chance.py": "draws = []\n\n\ndef draw(x):\n    return x + 1\n\n\ndraws.append(draw)\n",
    "reports/__init__.py": "",
    "reports/page.py": "def write():\n    return 'page'\n",
}
START = (("model.running", "run"),)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def digest(package: Path, start: tuple[tuple[str, str], ...] = START) -> str:
    return hash_of_reached(package, start)


def edit(package: Path, name: str, old: str, new: str) -> None:
    text = (package / name).read_text(encoding="utf-8")
    assert old in text
    (package / name).write_text(text.replace(old, new), encoding="utf-8")


MOVES_A_NUMBER: dict[str, tuple[str, str, str]] = {
    "a rule": ("agents/firm.py", "draw(x)", "draw(x + 1)"),
    "what a rule calls, in a sub-folder": ("model/markets/trade.py", "return 3", "return 4"),
    "what a rule calls, in another file": ("agents/chance.py", "x + 1", "x + 2"),
    "a constant": ("model/start.py", "2010", "2011"),
    "a default": ("model/running.py", "title_en: str)", "title_en: str, more: int = 1)"),
    "a condition of a refusal": ("model/running.py", "seed < 0", "seed < 1"),
    "what a file does when it is imported": ("agents/chance.py", "draws.append", "draws.remove"),
    "which definition a name means": ("model/running.py", "Market as Place", "Title as Place"),
}


@pytest.mark.parametrize("what", MOVES_A_NUMBER)
def test_what_moves_a_number_moves_the_hash(package: Path, what: str) -> None:
    before = digest(package)
    edit(package, *MOVES_A_NUMBER[what])
    assert digest(package) != before


MOVES_NONE: dict[str, tuple[str, str, str]] = {
    "a docstring": ("model/running.py", '"""Run."""', '"""Run the province."""'),
    "a docstring of a file": ("model/running.py", '"""A run."""', '"""One run."""'),
    "an annotation": ("model/running.py", "seed: int) -> int", "seed: float) -> float"),
    "a comment": ("agents/firm.py", "return", "# Why.\n    return"),
    "a title": ("model/running.py", '"A run"', '"One run"'),
    "the words of an error": ("model/running.py", "the seed is negative", "no such seed"),
    "a page writer": ("reports/page.py", "'page'", "'another page'"),
    "what no name leads to": ("model/counting.py", "return 5", "return 6"),
    "a method that nobody calls": ("model/markets/trade.py", "return 4", "return 5"),
    "the way an import is written": ("model/markets/trade.py", "..counting", "..counting"),
}


@pytest.mark.parametrize("what", MOVES_NONE)
def test_what_moves_no_number_leaves_the_hash(package: Path, what: str) -> None:
    before = digest(package)
    edit(package, *MOVES_NONE[what])
    assert digest(package) == before


def test_a_definition_may_move_to_another_file(package: Path) -> None:
    before = digest(package)
    (package / "model" / "state").mkdir()
    (package / "model" / "state" / "__init__.py").write_text("")
    (package / "model" / "start.py").rename(package / "model" / "state" / "first_year.py")
    edit(package, "model/running.py", "from .start import", "from .state.first_year import")
    assert digest(package) == before


def test_a_name_is_found_through_the_face_of_its_room(package: Path) -> None:
    assert digest(package, (("model", "run"),)) == digest(package)


def test_a_start_that_is_not_there_is_an_error(package: Path) -> None:
    with pytest.raises(LookupError, match=r"model\.running\.stroll"):
        reached(package, (("model.running", "stroll"),))


def test_modules_may_be_left_out(package: Path) -> None:
    every = reached(package, START)
    assert {"run", "certify", "draw", "Market", "Market.clear", "Market.price", "FIRST"} <= set(every)
    assert "Market.never_called" not in every and "unread" not in every
    assert "draw" not in reached(package, START, left_out=["agents.chance"])
    assert "Market" not in reached(package, START, left_out=["model.markets"])


def test_functions_that_differ_by_what_they_keep_differ() -> None:
    import shaanxi_transfer
    from shaanxi_transfer.model.indicators import INDICATORS

    root = Path(shaanxi_transfer.__file__).parent

    def hash_of(name: str) -> str:
        read: Callable[..., Any] | None = INDICATORS[name].read
        assert read is not None
        return hashes_of_functions(root, [read])[0]

    names = [f"contract_value_output_{kind}" for kind in ("university", "enterprise", "transfer", "service")]
    names += ["brokers", "broker_staff"]
    assert len({hash_of(name) for name in names}) == len(names)
