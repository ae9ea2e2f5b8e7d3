"""Every example in a docstring of a study gives what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from shaanxi_transfer import studies

MODULES = [module.name for module in pkgutil.walk_packages(studies.__path__, f"{studies.__name__}.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings(name: str) -> None:
    module = importlib.import_module(name)
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS).failed == 0
