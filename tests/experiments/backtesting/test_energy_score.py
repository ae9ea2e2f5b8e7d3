"""The energy score over provinces: against a sum by hand, and whether it sees what moves together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.backtesting.energy_score import energy_log, energy_of_backtest

LUCK = np.random.default_rng(3).normal(0.0, 1.0, (60, 3))


def rows(
    forecaster: str, draws: dict[str, np.ndarray], outcomes: dict[str, float]
) -> list[dict[str, object]]:
    head = {"origin": 2016, "indicator": "contract_value_output", "year": 2017, "horizon": 1}
    return [
        {
            **head,
            "province": who,
            "forecaster": forecaster,
            "observed": float(np.exp(outcomes[who])),
            "draws": one,
        }
        for who, one in draws.items()
    ]


def test_it_is_the_sum_of_distances() -> None:
    sample, outcome = LUCK[:20], np.array([0.3, -0.2, 0.5])
    near = np.linalg.norm(sample - outcome, axis=1).mean()
    apart = np.linalg.norm(sample[:, None] - sample[None], axis=2).sum() / (20 * 19)
    assert energy_log(sample, outcome) == pytest.approx(near - apart / 2.0)


def test_futures_that_a_province_lacks_are_left_out_and_all_have_equally_many() -> None:
    outcomes = {"a": 0.9, "b": 1.1}
    gap = LUCK[:, 0].copy()
    gap[5] = np.nan
    table = pd.DataFrame(
        rows("together", {"a": gap, "b": LUCK[:, 0]}, outcomes)
        + rows("apart", {"b": LUCK[:, 2], "a": LUCK[:, 1]}, outcomes)
        + rows("alone", {"a": LUCK[:, 0]}, outcomes)[:0]
    )
    found = energy_of_backtest(table).set_index("forecaster")
    assert found["draws"].tolist() == [59, 59] and found["provinces"].tolist() == [2, 2]
    kept = np.delete(LUCK[:, 0], 5)
    expected = energy_log(np.stack([kept, kept], axis=1), np.array([0.9, 1.1]))
    assert found.loc["together", "energy_log"] == pytest.approx(expected)
    assert found["energy_log"]["together"] < found["energy_log"]["apart"], "both rose by one"


def test_one_province_has_no_joint_score() -> None:
    assert energy_of_backtest(pd.DataFrame(rows("one", {"a": LUCK[:, 0]}, {"a": 0.0}))).empty
