"""Every example in a docstring gives what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import shaanxi_transfer

ROOMS = ("agents", "engine", "experiments", "model", "reports", "scenarios")


def _modules() -> list[str]:
    names = ["shaanxi_transfer"]
    for room in ROOMS:
        package = importlib.import_module(f"shaanxi_transfer.{room}")
        names.append(package.__name__)
        inside = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        names += [module.name for module in inside]
    return [name for name in names if not name.endswith("__main__")]


def test_examples_of_docstrings() -> None:
    spaced = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    failed = {
        name: failures
        for name in _modules()
        if (failures := doctest.testmod(importlib.import_module(name), optionflags=spaced).failed)
    }
    assert failed == {}


def test_the_examples_are_found() -> None:
    assert doctest.testmod(shaanxi_transfer).attempted > 0
    assert doctest.testmod(importlib.import_module("shaanxi_transfer.engine.quarters")).attempted > 0
