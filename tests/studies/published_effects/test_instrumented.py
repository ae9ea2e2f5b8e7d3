"""An amount that follows demand, moved by a date of joining that does not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.published_effects.estimate import Estimate
from shaanxi_transfer.studies.published_effects.instrumented import instrumented
from shaanxi_transfer.studies.published_effects.two_way import two_way

COLUMNS = {"outcome": "lent", "treatment": "guaranteed", "unit": "bank", "period": "quarter"}


def _banks(luck: np.random.Generator, added: float, moves: float = 8.0) -> pd.DataFrame:
    """Give 24 banks over 20 quarters that join by lot; demand of a quarter raises loans and guarantees."""
    joins = luck.permutation(24) + 1
    quarters = np.arange(20)
    joined = (quarters >= joins[:, np.newaxis]) * 1.0
    demand = luck.normal(0.0, 3.0, joined.shape)
    guaranteed = joined * (moves + demand)
    lent = 40.0 + 2.0 * demand + luck.normal(0.0, 2.0, joined.shape) + added * guaranteed
    return pd.DataFrame(
        {
            "bank": np.repeat(np.arange(24), 20),
            "quarter": np.tile(quarters, 24),
            "joined": joined.ravel(),
            "guaranteed": guaranteed.ravel(),
            "lent": lent.ravel(),
        }
    )


@pytest.mark.soak
def test_it_finds_what_a_regression_misses(recovers: Callable[..., list[Estimate]]) -> None:
    added = 0.65
    recovers(lambda luck: instrumented(_banks(luck, added), instrument="joined", **COLUMNS), added, 0.03)
    naive = two_way(
        _banks(np.random.default_rng(1), added),
        outcome="lent",
        treatment="guaranteed",
        unit="bank",
        period="quarter",
    )
    assert naive.low > added, "who has more demand has more of both"


def test_an_instrument_that_moves_nothing_is_refused() -> None:
    table = _banks(np.random.default_rng(2), 0.5, moves=0.0)
    with pytest.raises(InputError, match="moves the treatment by"):
        instrumented(table, instrument="joined", **COLUMNS)


def test_the_sign_of_the_treatment_does_not_matter() -> None:
    table = _banks(np.random.default_rng(3), 0.65)
    one = instrumented(table, instrument="joined", **COLUMNS)
    other = instrumented(table.assign(guaranteed=-table["guaranteed"]), instrument="joined", **COLUMNS)
    turned = (-one.effect, -one.high, -one.low)
    assert (other.effect, other.low, other.high) == pytest.approx(turned, rel=1e-3)
