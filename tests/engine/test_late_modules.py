from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LOUD = "print('loaded')\nvalue = 1\n"
LATE = "from shaanxi_transfer.engine.late_modules import load_late; load_late('toy', 'space', 'other');"


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A library that imports a part as a whole, and looks at all modules while it loads, as Mesa does."""
    folder = tmp_path / "toy"
    (folder / "space").mkdir(parents=True)
    (folder / "__init__.py").write_text(
        "import inspect\nimport toy.space as space\ninspect.getmodule(inspect.stack()[0][0])\n"
    )
    (folder / "space" / "__init__.py").write_text("from toy.space import grid\n" + LOUD)
    (folder / "space" / "grid.py").write_text("size = 2\n")
    (folder / "other.py").write_text(LOUD)
    return tmp_path


def printed(code: str, folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_a_part_waits_until_something_is_asked_of_it(toy: Path) -> None:
    assert printed("import toy; print('begun'); toy.space", toy) == ["loaded", "begun"]
    assert printed(LATE + "import toy; print('begun'); toy.space.__file__", toy) == ["begun"]


@pytest.mark.parametrize(
    "asking",
    [
        "print(toy.space.value)",
        "from toy.space import value; print(value)",
        "from toy.space import *; print(value)",
        "import toy.other; from toy.space import value; print(toy.space.value)",
        "print(toy.space.grid.size - toy.space.value)",
    ],
)
def test_however_it_is_asked_it_loads_once_and_is_a_plain_module(toy: Path, asking: str) -> None:
    code = LATE + f"import toy; print('begun'); {asking}; print(type(toy.space).__name__)"
    assert printed(code, toy) == ["begun", "loaded", "1", "module"]


def test_several_threads_ask_at_once(toy: Path) -> None:
    code = (
        LATE + "import toy; from concurrent.futures import ThreadPoolExecutor as Pool\n"
        "with Pool(8) as pool: print(sum(pool.map(lambda _: toy.space.value, range(64))))"
    )
    assert printed(code, toy) == ["loaded", "64"]


def test_what_fails_fails_again_and_a_missing_name_is_an_attribute_error(toy: Path) -> None:
    code = (
        LATE + "import toy\n"
        "for _ in range(2):\n"
        "    try: toy.space.nothing\n"
        "    except Exception as error: print(type(error).__name__)\n"
    )
    assert printed(code, toy) == ["loaded", "AttributeError", "AttributeError"]
    (toy / "toy" / "space" / "__init__.py").write_text("import no_such_library\n")
    assert printed(code, toy) == ["ModuleNotFoundError", "ModuleNotFoundError"]


def test_the_finder_goes_when_all_are_found_and_does_not_come_too_late(toy: Path) -> None:
    count = "import sys; print(sum('late_modules' in type(one).__module__ for one in sys.meta_path));"
    assert printed(LATE + count + "import toy, toy.other;" + count, toy) == ["2", "1"]
    assert printed("import toy;" + LATE + count, toy) == ["loaded", "1"]
