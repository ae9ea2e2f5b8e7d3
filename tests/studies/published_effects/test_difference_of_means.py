"""The difference of means of a lottery."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.published_effects.difference_of_means import difference_of_means, event_study
from shaanxi_transfer.studies.published_effects.estimate import Estimate


def lottery(luck: np.random.Generator, effect: float) -> pd.DataFrame:
    """Make 100 winners and 300 losers, with contracts that vary more among winners."""
    won = np.arange(400) < 100
    contracts = luck.poisson(0.4, 400) + won * luck.binomial(1, effect, 400)
    return pd.DataFrame({"contracts": contracts, "won": won})


@pytest.mark.parametrize("effect", [0.0, 0.8])
def test_a_lottery_finds_what_a_voucher_does(effect: float, recovers: Callable[..., list[Estimate]]) -> None:
    found = recovers(
        lambda luck: difference_of_means(lottery(luck, effect), outcome="contracts", treated="won"),
        effect,
        0.01,
    )
    assert (found[0].treated, found[0].controls, found[0].left_out) == (100, 300, 0)


def test_a_heavy_tail_decides_unless_it_is_capped() -> None:
    table = lottery(np.random.default_rng(1), 0.8)
    table.loc[0, "contracts"] = 1000
    plain = difference_of_means(table, outcome="contracts", treated="won")
    capped = difference_of_means(table, outcome="contracts", treated="won", winsorised=0.01)
    assert plain.effect > 10.0 and plain.covers(0.0)
    assert capped.effect == pytest.approx(0.9, abs=0.3) and not capped.covers(0.0)


def test_an_event_study_finds_the_effect_in_its_quarter_alone() -> None:
    luck = np.random.default_rng(2)
    table = pd.concat([lottery(luck, effect).assign(since=since) for since, effect in ((1, 0.0), (0, 0.8))])
    found = event_study(table, outcome="contracts", treated="won", period="since")
    assert list(found) == [0.0, 1.0]
    assert found[0.0].covers(0.8) and not found[0.0].covers(0.0)
    assert found[1.0].covers(0.0) and not found[1.0].covers(0.8)


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        ({"won": 0}, "treated: nobody treated, 400 untreated; allowed 2 or more of each"),
        ({"won": 1}, "treated: 400 treated, nobody untreated"),
        ({"contracts": 2}, "outcome: it is 2 for all treated and 2 for all untreated"),
        ({"contracts": np.nan}, "outcome: 400 of 400 values"),
    ],
)
def test_a_lottery_that_cannot_tell_is_refused(spoil: dict[str, float], line: str) -> None:
    table = lottery(np.random.default_rng(1), 0.0).assign(**spoil)
    with pytest.raises(InputError, match=line):
        difference_of_means(table, outcome="contracts", treated="won")


def test_an_event_study_of_one_period_is_refused() -> None:
    table = lottery(np.random.default_rng(1), 0.0).assign(since=0)
    with pytest.raises(InputError, match="period: all rows are of one period"):
        event_study(table, outcome="contracts", treated="won", period="since")


def test_a_share_beyond_one_half_is_refused() -> None:
    with pytest.raises(InputError, match=r"winsorised: 0\.5 is no share of a tail"):
        difference_of_means(
            lottery(np.random.default_rng(1), 0.0), outcome="contracts", treated="won", winsorised=0.5
        )
