"""Which statistic is worth most, from a frame that is made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.planning.door_to_model import model
from shaanxi_transfer.experiments.valuing.observing import known_statistics, observed
from shaanxi_transfer.experiments.valuing.worth_table import BY_LUCK, COLUMNS, VISIBLE, worth_table
from shaanxi_transfer.scenarios import Statistic, read_statistics
from tests.experiments.discovering.test_conclusions import DEFINITIONS, WORLDS

FUTURES = 300


def survey(name: str, indicator: str) -> Statistic:
    return Statistic(id=name, title_en=name, title_zh=name, indicator=indicator, year=2017, measure="total",
                     sample=100, cv=0.0, ln_error=0.01)  # fmt: skip


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    luck = np.random.default_rng(2)
    telling = luck.lognormal(0.0, 0.5, FUTURES)
    return pd.DataFrame(
        {
            "scenario": "plan",
            "future": range(FUTURES),
            "seed": range(FUTURES),
            "indicator.a.2017": luck.lognormal(0.0, 0.5, FUTURES),
            "indicator.b.2017": telling,
            "more.people.heads": 10.0 * telling,
            "more.public_cost": 500.0 + 100.0 * luck.random(FUTURES),
            "more.places.stock": -1.0,
        }
    )


def test_the_statistic_that_tells_is_worth_most(frame: pd.DataFrame) -> None:
    table = worth_table(frame, [survey("idle", "a"), survey("telling", "b")], DEFINITIONS, WORLDS)
    assert tuple(table.columns) == COLUMNS and set(table["target"]) == {"people"}, "fewer places are no good"
    close: Any = table[table["over_break_even"] == 1.0].set_index("statistic")
    assert close["price"].iloc[0] == pytest.approx(
        frame["more.public_cost"].mean() / frame["more.people.heads"].mean()
    )
    assert close["verdict"].to_dict() == {"telling": VISIBLE, "idle": BY_LUCK}
    assert close.loc["telling", "rank"] == 1 and close.loc["telling", "share_of_perfect"] > 0.8
    assert close.loc["telling", "value"] <= 1.05 * close.loc["telling", "perfect"]
    dear: Any = table[(table["over_break_even"] == 2.0) & (table["statistic"] == "telling")]
    assert (dear["decision"] == "carry out").all() and (dear["value"] < close.loc["telling", "value"]).all()
    mine = worth_table(frame, [survey("telling", "b")], DEFINITIONS, WORLDS, ["people"], price=70.0)
    assert mine["price"].tolist() == [70.0]


@pytest.mark.soak
def test_a_table_s_value_is_what_a_nested_design_gets() -> None:
    """Observe, then draw five hundred truths that the observation leaves possible; again and again.

    The truth is lognormal and its error normal in the logarithm, so that what is left of it is lognormal too
    and can be drawn; the effect bends with it, so that no closed form is at hand.
    """
    luck, spread, price = np.random.default_rng(11), 0.5, 60.0
    survey_of_100 = survey("telling", "b").model_copy(update={"cv": 3.0})
    error = float(survey_of_100.error(np.ones(1))[0])
    assert error == pytest.approx(0.3, rel=0.01)

    def more_of(truth: Any) -> Any:
        return 10.0 * np.sqrt(truth) + luck.standard_normal(np.shape(truth))

    evenly = ndtri((np.arange(2000) + 0.5) / 2000)  # so that the value alone differs, not the mean
    seen = np.hypot(spread, error) * evenly
    kept = spread**2 / (spread**2 + error**2)
    left = kept * seen[:, None] + spread * np.sqrt(1.0 - kept) * luck.standard_normal((2000, 500))
    expected = (price * more_of(np.exp(left)) - 600.0).mean(axis=1)
    nested = np.maximum(expected, 0.0).mean() - max(0.0, expected.mean())
    truth = np.exp(spread * luck.permutation(evenly))
    frame = pd.DataFrame(
        {
            "scenario": "plan", "future": range(2000), "seed": range(2000),
            "indicator.b.2017": truth, "more.people.heads": more_of(truth),
            "more.public_cost": 600.0 + 50.0 * luck.standard_normal(2000),
        }
    )  # fmt: skip
    table = worth_table(frame, [survey_of_100], DEFINITIONS, WORLDS, ["people"], price=price)
    assert table["value"].tolist() == pytest.approx([nested], rel=0.1)
    assert table["verdict"].tolist() == [VISIBLE]


def test_an_error_is_that_of_the_sample() -> None:
    seeds, share = np.arange(4000), next(one for one in read_statistics() if one.measure == "share")
    seen = observed(share, np.full(4000, 0.7), seeds)
    wanted = np.sqrt(float(share.design_effect or 0.0) * 0.7 * 0.3 / share.sample)
    assert seen.std() == pytest.approx(wanted, rel=0.05) and seen.mean() == pytest.approx(0.7, abs=0.005)
    assert (observed(share, np.ones(50), seeds[:50]) == 1.0).all()
    total = survey("b", "b").model_copy(update={"cv": 2.0})
    assert np.log(observed(total, np.full(4000, 5.0), seeds)).std() == pytest.approx(
        np.hypot(0.2, 0.01), rel=0.05
    )


def test_ten_statistics_come_with_the_package_and_observe_what_there_is() -> None:
    statistics = known_statistics(None, model().definitions)
    assert len(statistics) == len({one.title_zh for one in statistics}) == 10
    assert all(one.cost is None for one in statistics), "no source says what one costs"


GOOD = {
    "title_en": "x",
    "title_zh": "x",
    "indicator": "brokers",
    "year": 2017,
    "measure": "share",
    "sample": 9,
}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "is not a set of fields"),
        (GOOD, "design_effect"),
        ({**GOOD, "design_effect": 1.0, "indicator": "brokerss"}, "did you mean brokers"),
        ({**GOOD, "design_effect": 1.0, "sample": 0}, "sample"),
        ({**GOOD, "design_effect": 1.0, "cost": 5.0}, "a cost has a source"),
    ],
)
def test_a_bad_statistic_is_refused_in_one_line(fields: dict[str, Any], said: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    lines = "".join(f"  {name}: {value}\n" for name, value in fields.items())
    file.write_text(f"a:\n{lines}" if lines else "a: 1\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        known_statistics(file, model().definitions)
    assert said in str(refused.value) and str(file) in str(refused.value) and "\n" not in str(refused.value)
