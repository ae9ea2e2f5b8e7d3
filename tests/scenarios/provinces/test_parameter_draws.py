from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import Parameter, draw, load, quantile, read_parameters, shared_parameters
from shaanxi_transfer.scenarios.provinces.parameter_draws import probability

EXAMPLES = """\
alpha:
  title_en: a share
  title_zh: 份额
  value: 0.2
  low: 0.1
  high: 0.5
  distribution: logitnormal
  unit: fraction
  kind: assumption
  mechanism: test
  note: sized from nothing, an example
beta:
  title_en: a factor
  title_zh: 倍数
  value: 2.0
  low: 1.0
  high: 8.0
  distribution: lognormal
  unit: multiple
  kind: study
  mechanism: test
  source: a study
  vintage: 2011
gamma:
  title_en: a number
  title_zh: 数目
  value: 3
  distribution: fixed
  unit: count
  kind: statistic
  mechanism: test
  source: a yearbook
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "parameters.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def parameter(**fields: object) -> Parameter:
    common = {
        "id": "p",
        "title_en": "a number",
        "title_zh": "数值",
        "mechanism": "test",
        "kind": "assumption",
    }
    return Parameter.model_validate({**common, "note": "an example only", "unit": "ln", **fields})


SHAPES = [
    ("uniform", 0.2, 0.1, 0.5),
    ("triangular", 0.2, 0.1, 0.5),
    ("triangular", 0.1, 0.1, 0.5),
    ("triangular", 0.5, 0.1, 0.5),
    ("normal", 0.2, 0.1, 0.5),
    ("lognormal", 0.2, 0.1, 0.5),
    ("logitnormal", 0.2, 0.1, 0.5),
]


@pytest.mark.parametrize(("distribution", "value", "low", "high"), SHAPES)
def test_quantiles_rise_and_meet_the_declared_points(
    distribution: str, value: float, low: float, high: float
) -> None:
    one = parameter(distribution=distribution, value=value, low=low, high=high)
    curve = [quantile(one, u) for u in np.linspace(0.001, 0.999, 999)]
    assert (np.diff(curve) > 0).all() and np.isfinite(curve).all()
    if distribution in ("normal", "lognormal", "logitnormal"):
        assert [quantile(one, u) for u in (0.05, 0.5, 0.95)] == pytest.approx([low, value, high])
        assert math.isfinite(quantile(one, 1e-300)) and quantile(one, 1e-300) == quantile(one, 1e-200)
    else:
        assert quantile(one, 1e-12) == pytest.approx(low, abs=1e-5)
        assert quantile(one, 1 - 1e-12) == pytest.approx(high, abs=1e-5)
    if distribution == "triangular":
        mean = np.mean([quantile(one, u) for u in (np.arange(20_000) + 0.5) / 20_000])
        assert mean == pytest.approx((low + value + high) / 3, abs=1e-4)


@pytest.mark.parametrize(("distribution", "value", "low", "high"), SHAPES)
def test_probability_is_the_inverse_of_the_quantile(
    distribution: str, value: float, low: float, high: float
) -> None:
    one = parameter(distribution=distribution, value=value, low=low, high=high)
    shares = np.linspace(0.001, 0.999, 201)
    assert [probability(one, quantile(one, u)) for u in shares] == pytest.approx(shares)
    with pytest.raises(ValueError, match="fixed"):
        probability(parameter(distribution="fixed", value=3.0), 3.0)


def test_draws_have_the_declared_distribution() -> None:
    one = {"p": parameter(distribution="uniform", value=0.5, low=0.0, high=1.0)}
    draws = np.sort([draw(one, seed)["p"] for seed in range(4000)])
    # Kolmogorov-Smirnov distance of 4,000 uniform numbers: above 0.031 once in a thousand.
    assert np.abs(draws - (np.arange(4000) + 0.5) / 4000).max() < 0.031


def test_one_draw_never_depends_on_another_parameter(tmp_path: Path) -> None:
    table = read_parameters(written(tmp_path, EXAMPLES))
    both = draw(table, 7)
    for name in table:
        assert draw({name: table[name]}, 7)[name] == both[name]
    assert draw(dict(reversed(table.items())), 7) == both
    assert draw(table, 8)["alpha"] != both["alpha"]
    assert draw({"delta": table["alpha"]}, 7)["delta"] != both["alpha"], "the id is the key"


def test_same_future_has_the_same_parameters_in_every_scenario() -> None:
    plan, without = load("action_plan"), load("no_plan")
    assert plan.parameter_draws(5) == without.parameter_draws(5)
    name = next(iter(shared_parameters()))
    held = plan.set(**{name: plan.parameter_centrals()[name]})
    assert {k: v for k, v in held.parameter_draws(5).items() if k != name} == {
        k: v for k, v in plan.parameter_draws(5).items() if k != name
    }
    assert plan.set(draw_parameters=False).parameter_draws(5) == plan.parameter_centrals()


def test_pack_replaces_and_adds_by_id() -> None:
    scenario = load("action_plan")
    own = scenario.pack().parameters
    assert own
    for name, one in own.items():
        assert scenario.parameter_table()[name] == one
    assert set(shared_parameters()) <= set(scenario.parameter_table())


SPOILED = [
    ("value: 0.2", "value: 20", 4, r"divide by 100.*did you mean 0.2"),
    ("value: 0.2", "value: -0.2", 4, "not a fraction"),
    ("value: 0.2", "value: 0.05", 4, "rising order"),
    ("value: 0.2", "value: '0.2'", 4, "did you mean 0.2"),
    ("value: 0.2", "value: true", 4, "not a number"),
    ("value: 0.2", "valeu: 0.2", 4, "did you mean value"),
    ("  low: 0.1\n", "", 1, "alpha.low: is missing"),
    ("high: 0.5", "high: 1.0", 5, "strictly between 0 and 1"),
    ("logitnormal", "logit", 7, "did you mean logitnormal"),
    ("unit: fraction", "unit: '%'", 8, "did you mean fraction"),
    ("unit: multiple", "unit: multipel", 19, "did you mean multiple"),
    ("kind: study", "kind: guess", 20, "statistic, study, assumption"),
    ("  source: a study\n", "", 12, "needs a source"),
    ("  note: sized from nothing, an example\n", "", 1, "needs a note"),
    ("vintage: 2011", "vintage: 2011.5", 23, "whole number"),
    ("low: 1.0", "low: 0", 16, "no logarithm"),
    ("value: 3", "value: -3", 27, "negative"),
    ("gamma:", "alpha:", 24, "repeated"),
    ("gamma:", "Gamma:", 25, "not an id"),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"), SPOILED, ids=[f"{row[0][:16]}->{row[1][:16]}" for row in SPOILED]
)
def test_spoiled_parameter_is_refused(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert EXAMPLES.count(old) >= 1
    with pytest.raises(InputError, match=words) as caught:
        read_parameters(written(tmp_path, EXAMPLES.replace(old, new, 1)))
    assert caught.value.line == line
    assert caught.value.line is not None


def test_examples_are_read(tmp_path: Path) -> None:
    table = read_parameters(written(tmp_path, EXAMPLES))
    assert table["gamma"].value == 3 and table["gamma"].low is None and table["beta"].vintage == 2011
    assert quantile(table["gamma"], 0.01) == 3
