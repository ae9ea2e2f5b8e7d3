"""The pool: one member is that member, weights come from the past alone, and too small a past is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtesting import quantile_pool
from shaanxi_transfer.experiments.backtesting.quantile_pool import (
    COMBINED,
    FEWEST,
    POOL_FILE,
    QuantilePool,
    learnt_pool,
    pooled_points,
)
from shaanxi_transfer.experiments.backtesting.quantile_scores import crps_of_quantiles
from shaanxi_transfer.experiments.backtesting.stored_forecasts import LEVELS
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES
from shaanxi_transfer.experiments.keeping.provenance import hash_of_mechanisms

MEMBERS = ("model", "share_layer")
ORIGINS = (2013, 2014, 2015, 2016)


def points(provinces: int = 12, bias: tuple[float, float] = (0.6, -0.2), seed: int = 1) -> pd.DataFrame:
    """Two members whose medians miss by constants, on a truth that scatters."""
    rng = np.random.default_rng(seed)
    rows = []
    for place in range(provinces):
        for series in SERIES:
            for origin in ORIGINS:
                for year in range(origin + 1, 2018):
                    truth = 20.0 + place
                    head = {"province": f"p{place:02d}", "origin": origin, "indicator": series, "year": year}
                    came = float(np.exp(truth + rng.normal(0.0, 0.1)))
                    for name, miss in zip(MEMBERS, bias, strict=True):
                        quantiles = truth + miss + 0.1 * norm.ppf(LEVELS)
                        rows.append({**head, "forecaster": name, "observed": came, "quantiles": quantiles})
    return pd.DataFrame(rows)


def test_a_pool_of_one_member_is_that_member() -> None:
    table = points()
    pooled, pools = pooled_points(table, ["model"], equal_if_too_few=True)
    mine = table[table["forecaster"] == "model"]
    order = ["province", "origin", "indicator", "year"]
    mine = mine.sort_values(order)
    assert np.stack(list(pooled["quantiles"])).tobytes() == np.stack(list(mine["quantiles"])).tobytes()
    alone = crps_of_quantiles(LEVELS, np.stack(list(mine["quantiles"])), np.log(mine["observed"].to_numpy()))
    assert pooled["crps_log"].to_numpy().tobytes() == alone.tobytes()
    assert all(one.weights == {name: {"model": 1.0} for name in SERIES} for one in pools.values())


def test_weights_are_those_of_a_search_over_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    table = points(bias=(0.6, -0.2))
    monkeypatch.setattr(quantile_pool, "WEIGHT_OF_EQUAL", 0.0)
    found = learnt_pool(table, MEMBERS, 2017)
    # Medians miss by 0.6 and -0.2: a quarter of the first and three of the second miss by nothing.
    for series in SERIES[:2]:
        assert found.weights[series]["model"] == pytest.approx(0.25, abs=0.02)
        mine = table[table["indicator"] == series].sort_values(["province", "origin", "year"])
        one, other = (np.stack(list(mine[mine["forecaster"] == name]["quantiles"])) for name in MEMBERS)
        came = np.log(mine[mine["forecaster"] == "model"]["observed"].to_numpy())
        each = mine[mine["forecaster"] == "model"].groupby(["province", "origin"])["year"].transform("size")

        def score(
            weight: float, one: Any = one, other: Any = other, came: Any = came, each: Any = each
        ) -> float:
            losses = crps_of_quantiles(LEVELS, weight * one + (1.0 - weight) * other, came)
            return float(np.average(losses, weights=1.0 / each.to_numpy()))

        best = min(np.linspace(0.0, 1.0, 51), key=score)
        assert score(found.weights[series]["model"]) <= score(float(best)) + 1e-6


def test_equal_weights_count_as_forecasts_of_one_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    table = points()
    drawn = learnt_pool(table, MEMBERS, 2017).weights[SERIES[0]]["model"]
    monkeypatch.setattr(quantile_pool, "WEIGHT_OF_EQUAL", 1e6)
    equal = learnt_pool(table, MEMBERS, 2017).weights[SERIES[0]]["model"]
    assert 0.25 < drawn < equal == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize("origin", [2015, 2016])
def test_later_years_move_no_weight(origin: int) -> None:
    table = points()
    later = (table["year"] > origin).to_numpy()
    spoilt = table.assign(
        observed=table["observed"] * np.where(later, 7.0, 1.0),
        quantiles=[one + 3.0 * is_later for one, is_later in zip(table["quantiles"], later, strict=True)],
    )
    before = learnt_pool(table, MEMBERS, origin)
    assert learnt_pool(spoilt, MEMBERS, origin) == before
    assert learnt_pool(table[~later], MEMBERS, origin) == before
    assert learnt_pool(spoilt, MEMBERS, origin + 1) != learnt_pool(table, MEMBERS, origin + 1)


def test_too_few_past_points_are_refused_unless_equal_weights_were_asked_for() -> None:
    table = points()
    with pytest.raises(InputError, match="0 points of contract_value_output lie wholly in the past of 2013"):
        learnt_pool(table, MEMBERS, 2013)
    few = table[table["province"] < "p10"]
    with pytest.raises(InputError, match=rf"10 points.*at least {FEWEST}"):
        learnt_pool(few, MEMBERS, 2014)
    equal = learnt_pool(few, MEMBERS, 2014, equal_if_too_few=True)
    assert equal.points == dict.fromkeys(SERIES, 0)
    assert equal.weights[SERIES[0]] == {"model": 0.5, "share_layer": 0.5}
    with pytest.raises(InputError, match="lie wholly in the past"):
        pooled_points(table, MEMBERS)


def test_each_point_has_the_weights_of_its_origin() -> None:
    table = points()
    pooled, pools = pooled_points(table, MEMBERS, equal_if_too_few=True)
    assert set(pooled["forecaster"]) == {COMBINED} and len(pooled) == len(table) / 2
    row = pooled[(pooled["origin"] == 2016) & (pooled["province"] == "p03")].iloc[0]
    both = table[
        (table["origin"] == 2016) & (table["province"] == "p03") & (table["indicator"] == row["indicator"])
    ].set_index("forecaster")["quantiles"]
    weight = pools[2016].weights[row["indicator"]]["model"]
    np.testing.assert_allclose(
        row["quantiles"], weight * both["model"] + (1.0 - weight) * both["share_layer"], rtol=1e-12
    )


def test_draws_of_the_pool_have_its_quantiles_and_keep_the_futures_order() -> None:
    table = points(provinces=12)
    pool = learnt_pool(table, MEMBERS, 2017)
    quantiles = {"model": 20.0 + 0.4 * norm.ppf(LEVELS), "share_layer": 21.0 + 0.1 * norm.ppf(LEVELS)}
    drawn = 20.0 + 0.4 * norm.ppf((np.arange(999) + 0.5) / 999)
    found = pool.draws(SERIES[0], np.append(drawn, np.nan), quantiles)
    assert np.isnan(found[-1]) and (np.diff(found[:-1]) > 0.0).all()
    expected = pool.mean(SERIES[0], quantiles)
    inner = slice(5, -5)
    np.testing.assert_allclose(np.quantile(found[:-1], LEVELS)[inner], expected[inner], atol=0.005)


def test_a_point_twice_and_a_member_that_forecasts_nothing_are_named() -> None:
    table = points()
    with pytest.raises(InputError, match=r"p00 in 2014 from 2013 twice"):
        learnt_pool(pd.concat([table, table.head(1)]), MEMBERS, 2017)
    with pytest.raises(InputError, match=r"there is no forecast of 'share_leyer'.*did you mean share_layer"):
        learnt_pool(table, ("model", "share_leyer"), 2017)


def test_a_file_is_read_as_it_was_written_and_wrong_weights_are_named(tmp_path: Path) -> None:
    pool = learnt_pool(points(), MEMBERS, 2017)
    pool.write(tmp_path / POOL_FILE)
    assert QuantilePool.read(tmp_path / POOL_FILE) == pool
    assert (pool.rules, pool.of_other_rules) == (hash_of_mechanisms(), False)
    text = (tmp_path / POOL_FILE).read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.strip().startswith("model:"))
    (tmp_path / POOL_FILE).write_text(text.replace(line, "    model: 0.9", 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"quantile_pool.yaml:\d+:\d+: weights.contract_value_output"):
        QuantilePool.read(tmp_path / POOL_FILE)
