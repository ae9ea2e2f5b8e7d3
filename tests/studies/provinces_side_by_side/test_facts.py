"""The provinces side by side: facts come from the packs, runs from the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.definitions import LAST_YEAR
from shaanxi_transfer.scenarios import list_provinces, load_pack
from shaanxi_transfer.studies.provinces_side_by_side.facts import COLUMNS, province_facts
from shaanxi_transfer.studies.provinces_side_by_side.runs import (
    COMPARED,
    SCALE_COLUMNS,
    SIMULATED_COLUMNS,
    scale_for,
    scale_table,
    simulated_table,
)

REFERENCE = Path(__file__).resolve().parents[3] / "results" / "reference"
EXTREMES = ("beijing", "hainan", "xizang")


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    return province_facts().set_index("province", drop=False)


def test_one_row_a_province_and_shares_of_the_nation(facts: pd.DataFrame) -> None:
    assert list(facts.columns) == list(COLUMNS)
    assert list(facts.index) == list_provinces()
    # Sellers abroad belong to no province.
    assert 0.91 < facts["share_of_nation_sold"].sum() < 0.97
    assert facts["share_of_nation_rd"].sum() == pytest.approx(1.0, abs=0.001)
    for column in ("rd_government_share", "rd_enterprise_share", "rd_basic_share", "fiscal_science_share"):
        assert facts[column].between(0.0, 1.0).all(), column


def test_performers_share_all_of_the_research(facts: pd.DataFrame) -> None:
    performers = ["rd_by_university", "rd_by_institute", "rd_by_military", "rd_by_enterprise"]
    assert (facts[performers] > 0).all(axis=None)
    assert facts[performers].sum(axis=1).to_numpy() == pytest.approx(facts["rd"].to_numpy(), rel=1e-4)
    assert facts.loc["shaanxi", "rd_by_kind"] == "assumption; statistic"
    assert set(facts["rd_by_kind"].drop("shaanxi")) == {"scaled from shaanxi"}


def test_facts_are_those_of_the_pack(facts: pd.DataFrame) -> None:
    for name in ("gansu", "shanxi"):
        pack, row = load_pack(name), facts.loc[name]
        value = pack.series_of("contract_value_output")
        assert row["value_sold"] == pytest.approx(value[LAST_YEAR], rel=1e-5)
        assert (1 + row["growth_value_sold"]) ** 5 == pytest.approx(value[2017] / value[2012], rel=1e-4)
        count = pack.series_of("contract_count_output")[LAST_YEAR]
        assert row["mean_value_sold"] * count == pytest.approx(value[LAST_YEAR], rel=1e-4)
        numbers = len(pack.series) + len(pack.observed) + len(pack.cities) + len(pack.fields)
        told = row["numbers_observed"] + row["numbers_assumed"] + row["parameters_scaled"]
        assert told == numbers + len(pack.parameters)


def test_what_is_not_known_is_missing_and_not_zero(facts: pd.DataFrame) -> None:
    row: Any = facts.loc["xizang"]
    assert row["contracts_sold"] == 3
    assert pd.isna(row["growth_value_sold"]) and row["limits"] == "no_fit; luck"
    assert facts["growth_value_sold"].isna().sum() == 1


@pytest.mark.house
def test_the_committed_table_is_what_the_packs_give(facts: pd.DataFrame, tmp_path: Path) -> None:
    facts.to_csv(tmp_path / "made.csv", index=False, lineterminator="\n")
    made, there = tmp_path / "made.csv", REFERENCE / "provinces.csv"
    pd.testing.assert_frame_equal(pd.read_csv(made), pd.read_csv(there), check_exact=False, rtol=1e-9)


def test_the_scale_gives_the_rows_that_are_wanted() -> None:
    for firms, large in ((20_000, 1_000), (5_000, 250), (30_000, 1_500)):
        scale = scale_for(firms, large)
        assert large + (firms - large) * scale == pytest.approx(2000, rel=0.1)
    assert scale_for(900, 45) == 1.0
    assert scale_for(500_000, 25_000) == 0.01


def test_a_very_large_and_a_very_small_province_run_and_are_of_their_size() -> None:
    table, refused, failures = simulated_table(
        EXTREMES, door_to_model.model(), runs=3, scale=0.02, seed=1, workers=0
    )
    assert failures == []
    assert refused == {}
    assert list(table.columns) == list(SIMULATED_COLUMNS)
    assert len(table) == len(EXTREMES) * len(COMPARED)
    by: Any = table.set_index(["province", "indicator"])
    assert by.loc[("beijing", "contract_value_output"), "within_factor_3"] == "yes"
    # 500 times as much is sold in one as in the other, and the model keeps them two orders apart.
    large, small = (by.loc[(name, "contract_value_output"), "median"] for name in ("beijing", "hainan"))
    assert large > 100 * small > 0
    # Xizang is known to have sold three contracts: its research alone sells more in the model.
    others = table[table["province"] != "xizang"]
    assert ((others["ratio"] > 0.01) & (others["ratio"] < 30)).all()
    assert table["producers_share"].between(0.0, 1.0).all()
    within = table["ratio"].between(1 / 3, 3)
    assert (within == (table["within_factor_3"] == "yes")).all()


def test_rows_are_counted_at_both_scales() -> None:
    table = scale_table(("hainan", "xizang"), scale=0.02, seed=1)
    assert list(table.columns) == list(SCALE_COLUMNS)
    assert table["province"].tolist() == ["hainan", "xizang"]
    assert (table["scale_for_2000_rows"] == 1.0).all()
    for row in table.to_dict("records"):
        assert row["large_firms"] < row["rows_at_scale"] < row["rows_there"]
    # In xizang, with fewer than twenty firms, those founded on research outnumber the rest.
    hainan = table.set_index("province").loc["hainan"]
    assert hainan["rows_there"] <= hainan["firms"] * 1.1
