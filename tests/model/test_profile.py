"""Where a run's time goes: every statement of the page is timed, and the model is left as it was."""

from __future__ import annotations

import ast

import pytest

from shaanxi_transfer.agents import enterprise
from shaanxi_transfer.engine.compiling import is_known_rule
from shaanxi_transfer.engine.words import say
from shaanxi_transfer.model import profile as profiling
from shaanxi_transfer.model.profile import END, START, headings, profile
from shaanxi_transfer.scenarios import load

SHORT = load("no_plan").set(end="2010-Q4")


def test_the_words_of_the_table_are_the_headings_of_the_page() -> None:
    for number, heading in enumerate(headings(), start=1):
        assert heading.startswith(say(f"profile.heading_{number}", "en"))
    with pytest.raises(KeyError):
        say(f"profile.heading_{len(headings()) + 1}", "en")


def test_every_statement_of_the_page_has_its_time() -> None:
    table = profile(SHORT, scale=0.01, times=1)
    _, page = profiling._page()
    timed = [
        one for one in page.body if not isinstance(one, ast.Assign) or "province.step" in ast.unparse(one)
    ]
    assert len(table) == len(timed) - 1 + 2  # but for the docstring; start and end beside
    assert list(table["heading"].unique()) == [START, *range(1, len(headings()) + 1), END]
    assert (table["rules"] >= 0.0).all() and (table["rules"] + table["glue"] > 0.0).all()
    market = table.set_index("call").loc["trade.meet_local_needs"]
    assert market["rules"] > market["glue"] / 10


def test_the_rules_are_the_models_own_again() -> None:
    profile(SHORT, scale=0.01, times=1)
    assert is_known_rule(enterprise.certify)
