"""Reconciled futures add up to the national path, and nothing after the origin moves them."""

from __future__ import annotations

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtesting.reconcile import growth_of_futures, reconcile
from shaanxi_transfer.model.state.national_growth import growth_of_nation
from shaanxi_transfer.scenarios import load_pack

LUCK = np.random.default_rng(5)
NATION = LUCK.normal(0.1, 0.06, 400)
START = np.log([5.0, 2.0, 1.0, 0.5])
NUMBER = load_pack("gansu").series_of("contract_count_output", "china")


def test_futures_that_are_off_by_one_factor_add_up_in_every_draw() -> None:
    shares = LUCK.dirichlet(50.0 * np.exp(START) / np.exp(START).sum(), 400)
    total = np.log(np.exp(START).sum()) + NATION
    logs = np.log(shares) + total[:, np.newaxis] + 0.3
    found = reconcile(logs, START, NATION)
    sums = np.log(np.exp(logs + found.shift).sum(axis=1))
    np.testing.assert_allclose(sums, total, atol=1e-12)
    assert found.shift == pytest.approx(-0.3) and np.abs(found.gap).max() < 1e-12


def test_what_provinces_miss_by_themselves_remains_as_a_gap_with_its_middle_at_zero() -> None:
    logs = START + NATION[:, np.newaxis] + 0.2 + LUCK.normal(0.0, 0.4, (400, 4))
    logs[7, 2] = np.nan
    found = reconcile(logs, START, NATION)
    sums = np.log(np.exp(logs + found.shift).sum(axis=1)) - np.log(np.exp(START).sum()) - NATION
    assert np.isnan(sums[7]) and len(found.gap) == 399
    np.testing.assert_allclose(np.delete(sums, 7), found.gap, atol=1e-12)
    assert np.median(found.gap) == pytest.approx(0.0, abs=1e-12)
    low, high = found.ends
    assert low < -0.1 and high > 0.1
    # Independent luck makes the sum larger than the middles: they are shifted by more than their own bias.
    assert found.shift < -0.2
    with pytest.raises(InputError, match="no draw has all provinces"):
        reconcile(np.full((3, 4), np.nan), START, NATION[:3])


def test_the_path_is_that_of_a_run_with_the_same_seed() -> None:
    pack, seeds = load_pack("gansu"), [11, 12]
    found = growth_of_futures(NUMBER, 2017, 3, seeds)
    for place, seed in enumerate(seeds):
        drawn = growth_of_nation(pack, range(2018, 2021), seed)
        for path, series in (
            ("national_count", "contract_count_inflow"),
            ("national_value", "contract_value_output"),
        ):
            total = np.cumsum([drawn[path](year) for year in range(2018, 2021)])
            np.testing.assert_allclose(found[series][place], total, rtol=1e-9)


def test_later_years_do_not_move_a_byte() -> None:
    later = {year: figure * (3.0 if year > 2014 else 1.0) for year, figure in NUMBER.items()}
    found = [growth_of_futures(number, 2014, 3, [1, 2]) for number in (NUMBER, later)]
    assert all(found[0][name].tobytes() == found[1][name].tobytes() for name in found[0])


def test_a_nation_without_its_last_year_is_refused() -> None:
    with pytest.raises(InputError, match="the nation's number in 2017 is not known"):
        growth_of_futures({year: x for year, x in NUMBER.items() if year != 2017}, 2017, 1, [1])
