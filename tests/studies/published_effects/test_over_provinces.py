from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import pandas as pd
import pytest

from shaanxi_transfer.model.running import run
from shaanxi_transfer.scenarios import Scenario
from shaanxi_transfer.studies.published_effects.design import Measured, Tables, base_world
from shaanxi_transfer.studies.published_effects.over_provinces import OverProvinces, drawn

SMALL = ("hainan", "ningxia", "qinghai")


def test_a_lot_is_fair_and_who_is_drawn_hangs_on_seed_and_names_alone() -> None:
    names = [f"place {number}" for number in range(31)]
    lots = [drawn(names, 10, seed) for seed in range(600)]
    assert {len(lot) for lot in lots} == {10}
    often = Counter(name for lot in lots for name in lot)
    # 194 of 600 on average; five standard deviations of 11.5 each way.
    assert all(136 < often[name] < 251 for name in names)
    assert drawn(names[::-1], 10, 7) == lots[7]
    assert drawn(names, 31, 7) == set(names)
    assert not drawn(names, 0, 7)


def _worlds(province: str) -> tuple[Scenario, Scenario]:
    without = base_world(province, since="2010-Q3", end="2011-Q2", belief="prior").set(name="without")
    return without.set(fund_size=3e9, fund_leverage=10, name="fund"), without


def _measure(worlds: Mapping[str, Tables], seed: int) -> dict[str, Callable[[], Measured]]:
    return {}


@pytest.fixture(scope="module")
def design() -> OverProvinces:
    indicators = ("guidance_fund_aim", "venture_invested", "technology_enterprises")
    return OverProvinces(
        "some", _worlds, indicators, _measure, treated=1, scale=0.02, share_of_futures=1.0, provinces=SMALL
    )


@pytest.fixture(scope="module")
def worlds(design: OverProvinces) -> dict[str, Tables]:
    return dict(design.lived("shaanxi", 5))


def test_who_is_drawn_has_the_programme_and_the_others_live_the_same_in_both_worlds(
    worlds: dict[str, Tables],
) -> None:
    enacted, without = (worlds[world]["province"] for world in ("enacted", "without"))
    (lot,) = drawn(SMALL, 1, 5)
    others = enacted["province"] != lot
    pd.testing.assert_frame_equal(enacted[others], without[others])
    assert not without["guidance_fund_aim"].any()
    since = enacted["year"] + enacted["quarter"] / 10.0 > 2010.25
    assert ((enacted["guidance_fund_aim"] > 0.0) == (~others & since)).all()
    assert len(enacted) == 3 * 6


def test_a_row_is_what_a_run_of_that_province_records(
    design: OverProvinces, worlds: dict[str, Tables]
) -> None:
    name = next(iter(set(SMALL) - drawn(SMALL, 1, 5)))
    record = run(_worlds(name)[1], seed=5, scale=0.02)
    rows = worlds["enacted"]["province"]
    rows = rows[rows["province"] == name]
    assert rows["year"].tolist() == [quarter.year for quarter in record.quarters]
    for indicator in design.indicators:
        assert rows[indicator].tolist() == record.series(indicator).tolist()


def test_all_provinces_are_lived_whichever_is_asked_for(
    design: OverProvinces, worlds: dict[str, Tables]
) -> None:
    again = design.lived("qinghai", 5)
    pd.testing.assert_frame_equal(again["enacted"]["province"], worlds["enacted"]["province"])
