"""The share layer as a rival: all provinces in, and nothing after the origin."""

from __future__ import annotations

import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtesting.all_provinces import AllProvinces, all_provinces, hash_of_data
from shaanxi_transfer.experiments.backtesting.rivals import RIVALS, SHARE_LAYER
from shaanxi_transfer.experiments.backtesting.rivals_half import rival_scores
from shaanxi_transfer.experiments.backtesting.share_past import Figures
from shaanxi_transfer.scenarios import load_pack

VALUE = "contract_value_output"
ORIGIN = 2015


@pytest.fixture(scope="module")
def everyone() -> AllProvinces:
    return all_provinces()


def scored(everyone: AllProvinces | None) -> pd.DataFrame:
    pack = load_pack("hubei")
    own, national = pack.series_of(VALUE), pack.series_of(VALUE, "china")
    settings: dict[str, int] = {"draws": 40, "seed": 1}
    return rival_scores(
        own, national, VALUE, origins=(ORIGIN,), province="hubei", everyone=everyone, **settings
    )


def test_it_is_scored_on_the_points_of_the_rivals_and_moves_none(everyone: AllProvinces) -> None:
    without, beside = scored(None), scored(everyone)
    assert list(dict.fromkeys(beside["forecaster"])) == [*RIVALS, SHARE_LAYER]
    of_layer = beside["forecaster"] == SHARE_LAYER
    assert beside[of_layer]["year"].tolist() == [2016, 2017]
    pd.testing.assert_frame_equal(beside[~of_layer].reset_index(drop=True), without)


def test_years_after_the_origin_move_no_byte(everyone: AllProvinces) -> None:
    def spoilt(series: dict[int, float]) -> dict[int, float]:
        return {year: one * (3.0 if year > ORIGIN else 1.0) for year, one in series.items()}

    figures = everyone.figures
    later = AllProvinces(
        Figures(
            {
                name: {who: spoilt(dict(series)) for who, series in provinces.items()}
                for name, provinces in figures.own.items()
            },
            {name: spoilt(dict(series)) for name, series in figures.nation.items()},
        ),
        spoilt(dict(everyone.value)),
    )
    one, other = (
        each.layer_at(ORIGIN).sample("hubei", VALUE, horizon=2, draws=30, seed=1)
        for each in (everyone, later)
    )
    assert one.tobytes() == other.tobytes()


def test_a_province_of_one_figure_is_named(everyone: AllProvinces) -> None:
    with pytest.raises(InputError, match="xizang"):
        everyone.layer_at(ORIGIN).sample("xizang", VALUE, horizon=1, draws=10, seed=1)


def test_a_pack_of_one_s_own_stands_for_its_province() -> None:
    pack = load_pack("hubei")
    assert all_provinces(pack).made_from == all_provinces().made_from
    assert hash_of_data({"hubei": pack}) != hash_of_data({"hubei": pack}, b"more")
