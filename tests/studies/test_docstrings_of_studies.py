"""Every example in a docstring of a study gives what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

from shaanxi_transfer import studies

MODULES = [module.name for module in pkgutil.walk_packages(studies.__path__, f"{studies.__name__}.")]


def test_examples_of_docstrings() -> None:
    spaced = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    failed = {
        name: failures
        for name in MODULES
        if (failures := doctest.testmod(importlib.import_module(name), optionflags=spaced).failed)
    }
    assert failed == {}
