from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtesting.discrepancy_estimate import (
    OBSERVATION_ERROR,
    Prior,
    estimate,
)
from shaanxi_transfer.experiments.backtesting.points import POINT_COLUMNS
from shaanxi_transfer.experiments.forecasting.discrepancy import (
    SERIES,
    Discrepancy,
    SeriesDiscrepancy,
    discrepancy_of,
)
from shaanxi_transfer.experiments.keeping.provenance import hash_of_mechanisms

KNOWN = Discrepancy(
    source="a test that knows the truth",
    points=12,
    rules=hash_of_mechanisms(),
    degrees_of_freedom=4.0,
    growth_power=0.6,
    series={"contract_value_output": SeriesDiscrepancy(scale=0.12345, carry=0.5, observation_error=0.05)},
)


def made_up(
    origins: int, scale: float, carry: float, power: float, seed: int = 1, draws: int = 8
) -> pd.DataFrame:
    """Points of a world that misses by a known discrepancy: forecasts of one to three years."""
    luck = np.random.default_rng(seed)
    rows = []
    for origin in range(origins):
        for name in SERIES:
            residual = luck.normal(0.0, 0.4)
            start = residual + luck.normal(0.0, 0.05, draws)
            for horizon in (1, 2, 3):
                width = math.hypot(scale * horizon**power, OBSERVATION_ERROR[name])
                simulated = 1.0 + luck.normal(0.0, 0.05, draws)
                observed = 1.0 + carry**horizon * residual + width * luck.standard_t(4)
                rows += [
                    (2000 + origin, name, 2000 + origin + horizon, draw, *values, observed, 0.0)
                    for draw, values in enumerate(zip(simulated, -start, strict=True))
                ]
    return pd.DataFrame(rows, columns=list(POINT_COLUMNS))


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    KNOWN.write(tmp_path / "discrepancy.yaml")
    read = discrepancy_of(tmp_path)
    assert read is not None
    assert read.series["contract_value_output"].scale == 0.1235  # four digits
    assert read.model_copy(update={"series": KNOWN.series}) == KNOWN
    assert discrepancy_of(tmp_path.parent / "nowhere") is None


def test_a_hash_of_digits_alone_stays_text(tmp_path: Path) -> None:
    KNOWN.model_copy(update={"rules": "1234567890123456"}).write(tmp_path / "discrepancy.yaml")
    read = discrepancy_of(tmp_path)
    assert read is not None and read.of_other_rules
    assert not KNOWN.of_other_rules


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "scale: 0.1235",
            "scale: -0.1",
            r":\d+:\d+: series\..*scale: -0.1 is out of range",
        ),
        ("carry: 0.5", "carry: 50", r"carry: 50 is out of range; allowed less than or equal to 1"),
        ("carry: 0.5", "cary: 0.5", r"unknown key 'cary'; allowed .*did you mean carry\?"),
        (
            "contract_value_output:",
            "contract_value:",
            r"unknown series .*did you mean contract_value_",
        ),
        ("growth_power: 0.6", "growth_power: fast", r"growth_power: 'fast' is not a number"),
        ("degrees_of_freedom: 4.0", "degrees_of_freedom: 2.0", r"degrees_of_freedom: 2.0 is out of range"),
        ("points: 12", "points: 0", r"points: 0 is out of range"),
        ("points: 12", "", r"points: is missing"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    file = tmp_path / "discrepancy.yaml"
    KNOWN.write(file)
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=message) as refused:
        discrepancy_of(tmp_path)
    assert "discrepancy.yaml" in str(refused.value) and "\n" not in str(refused.value)


def test_many_origins_give_the_truth_back() -> None:
    found = estimate(made_up(60, scale=0.2, carry=0.5, power=0.6))
    assert found.points == 60 * 3 * 4 and found.rules == hash_of_mechanisms()
    for name in SERIES:
        assert found.series[name].scale == pytest.approx(0.2, rel=0.3)
        assert found.series[name].carry == pytest.approx(0.5, abs=0.15)
        assert found.series[name].observation_error == OBSERVATION_ERROR[name]
    assert found.growth_power == pytest.approx(0.6, abs=0.15)


def test_few_origins_stay_near_the_prior() -> None:
    prior = Prior()
    found = estimate(made_up(1, scale=0.6, carry=0.0, power=0.0))
    for name in SERIES:
        assert prior.scale[name] / 3 < found.series[name].scale < 6 * prior.scale[name]
    assert 0.2 < found.growth_power < 0.7


def test_points_that_are_none_are_refused() -> None:
    points = made_up(1, 0.1, 0.5, 0.5)
    with pytest.raises(InputError, match=r"^points: .*lack 'year'"):
        estimate(points.drop(columns="year"))
    with pytest.raises(InputError, match=r"^points: there is no point"):
        estimate(points.head(0))
    for column, wrong in (("ln_simulated", math.inf), ("year", 1999), ("indicator", "loans")):
        spoilt = points.copy()
        spoilt.loc[7, column] = wrong
        with pytest.raises(InputError, match=r"^points: row 8 .*allowed finite logarithms"):
            estimate(spoilt)
