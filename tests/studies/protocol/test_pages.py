"""The description of the model is made from the code: every kind, call and study is on it."""

from __future__ import annotations

import ast
import inspect

import pytest

from shaanxi_transfer.agents.kind import kinds
from shaanxi_transfer.agents.view import RowView
from shaanxi_transfer.engine.words import FOLDER
from shaanxi_transfer.model import ecosystem
from shaanxi_transfer.studies.protocol.glossary_page import glossary_page
from shaanxi_transfer.studies.protocol.odd_page import odd_page
from shaanxi_transfer.studies.protocol.quarter_in_order import first_sentence, quarter_in_order
from shaanxi_transfer.studies.published_effects.registered import registered

pytestmark = pytest.mark.house

SECTIONS = (
    *("I.i Purpose", "I.ii Entities, state variables and scales", "I.iii Process overview and scheduling"),
    *("II.i Theoretical and empirical background", "II.ii Individual decision making", "II.iii Learning"),
    *("II.iv Individual sensing", "II.v Individual prediction", "II.vi Interaction", "II.vii Collectives"),
    *("II.viii Heterogeneity", "II.ix Stochasticity", "II.x Observation", "III.i Implementation details"),
    *("III.ii Initialisation", "III.iii Input data", "III.iv Submodels"),
)


def test_the_page_has_all_sections_of_the_protocol_in_order() -> None:
    page = odd_page("en")
    found = [line.removeprefix("### ") for line in page.splitlines() if line.startswith("### ")]
    assert found == list(SECTIONS)
    for kind in kinds():
        assert f"| `{RowView.OF[kind.sector].__name__}` |" in page
    assert all(f"| {figure.study} |" in page for figure in registered().values())


def test_the_quarter_is_told_in_the_order_in_which_it_is_called() -> None:
    calls = [call.name for call in quarter_in_order()]
    step = inspect.getsource(inspect.unwrap(ecosystem.Ecosystem.step))
    assert calls == sorted(calls, key=lambda name: step.index(f"{name}("))
    asked = {
        ast.unparse(one.func)
        for one in ast.walk(ast.parse(inspect.cleandoc(step)))
        if isinstance(one, ast.Call) and [ast.unparse(word) for word in one.args[:1]] == ["province"]
    }
    # What the model itself observes is no rule.
    assert asked - set(calls) == {"self.recorder.observe", "self.panel.look_at_deals", "self.panel.observe"}
    assert all(call.told.endswith(".") and call.heading for call in quarter_in_order())


def test_the_first_paragraph_of_a_docstring_is_one_line() -> None:
    def thing() -> None:
        """Do one thing,
        on two lines.

        Then more.
        """

    assert first_sentence(thing) == "Do one thing, on two lines."
    assert first_sentence(lambda: None) == ""


def test_the_glossary_has_every_term_of_the_plan() -> None:
    page = glossary_page()
    terms = (FOLDER / "terms.yaml").read_text(encoding="utf-8")
    lines = [line for line in terms.splitlines() if line and not line.startswith("#")]
    assert len(lines) > 30
    for line in lines:
        chinese, _, english = line.partition(": ")
        assert f"| {chinese} | {english.strip(chr(34))} |" in page
