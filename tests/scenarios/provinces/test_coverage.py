"""What a pack rests on is told for every number, and what its data cannot carry is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from shaanxi_transfer.scenarios import check, list_provinces, load_pack
from shaanxi_transfer.scenarios.places import PACK_FOLDER
from shaanxi_transfer.scenarios.provinces.coverage import (
    KINDS,
    UNKNOWN,
    kind_of_source,
    kinds_of_sources,
    overview,
    series_coverage,
)
from shaanxi_transfer.scenarios.provinces.gaps import (
    LUCK_AS_LARGE_AS_A_FORECAST,
    in_years,
    limits_of,
    luck_of_a_year,
)
from shaanxi_transfer.scenarios.provinces.sources_read import NATION, Sources
from shaanxi_transfer.scenarios.reading.yaml_with_places import read_yaml

PACKS = list_provinces()


@pytest.fixture(scope="module")
def sources() -> Sources:
    return Sources()


@pytest.mark.parametrize("province", PACKS)
def test_every_pack_passes_the_check(province: str) -> None:
    assert check(PACK_FOLDER / province) == ()


@pytest.mark.parametrize("province", PACKS)
def test_every_number_has_a_kind_of_source(province: str) -> None:
    pack = load_pack(province)
    table = kinds_of_sources(pack)
    tables = (pack.series, pack.observed, pack.organisations, pack.cities, pack.zones, pack.fields)
    assert len(table) == sum(len(one) for one in tables) + len(pack.parameters)
    assert UNKNOWN not in set(table["kind"])
    assert (table["source"].str.strip() != "").all()
    own = province == "shaanxi"
    parameters = table.loc[table["what"] == "parameter", "kind"]
    assert parameters.str.contains("shaanxi").all() != own
    assert set(table.loc[table["kind"].isin(KINDS), "what"]) >= {"series", "observed", "city"}


@pytest.mark.parametrize("province", PACKS)
def test_nothing_is_negative_and_shares_are_shares(province: str) -> None:
    pack = load_pack(province)
    assert (pack.series["value"] >= 0).all() and (pack.observed["value"] > 0).all()
    for column in ("firm_share", "rd_share", "fiscal_share"):
        assert pack.cities[column].sum() == pytest.approx(1.0, abs=1e-9)
    shares = {
        name: parameter.value for name, parameter in pack.parameters.items() if parameter.unit == "fraction"
    }
    assert all(0.0 < share < 1.0 for share in shares.values())
    assert sum(share for name, share in shares.items() if name.startswith("rd_share_")) < 0.76
    for name, parameter in pack.parameters.items():
        assert parameter.value >= 0.0, name
        assert parameter.low is not None and parameter.low >= 0.0, name
    for year, whole in pack.series_of("rd_expenditure").items():
        funders = ("by_enterprises", "by_government", "from_abroad", "other")
        names = [f"rd_funded_{one}" for one in funders if pack.has_series(f"rd_funded_{one}")]
        known = [pack.series_of(name).get(year, np.nan) for name in names]
        activities = [pack.series_of(f"rd_{name}")[year] for name in ("basic", "applied", "development")]
        assert sum(activities) == pytest.approx(whole, rel=0.01), year
        assert np.nansum(known) <= whole * 1.01, year


@pytest.mark.parametrize("province", PACKS)
def test_a_pack_names_every_year_that_others_have_and_it_lacks(province: str, sources: Sources) -> None:
    own = load_pack(province).series.query("scope == 'province'")
    has = set(zip(own["indicator"], own["year"], strict=True))
    others = {(name, year) for who, name, year in sources.panel if who != NATION}
    lacked: dict[str, set[int]] = {}
    for indicator, year in others - has:
        lacked.setdefault(indicator, set()).add(year)
    named = read_yaml(PACK_FOLDER / province / "pack.yaml").data.get("missing", {})
    assert set(named) == set(lacked)
    for indicator, words in named.items():
        if words == "no year at all":
            assert not [name for name, _ in has if name == indicator]
        else:
            assert words == in_years(lacked[indicator])


def test_coverage_of_series_counts_years_and_gaps() -> None:
    table = series_coverage(load_pack("hainan")).set_index("indicator")
    sold = table.loc["contract_value_output"]
    assert (sold["first_year"], sold["last_year"], sold["years"], sold["missing"]) == (2005, 2017, 9, (2000,))
    assert sold["kind"] == "mirror or blog; official statistic"
    absent = series_coverage(load_pack("xizang")).set_index("indicator").loc["rd_funded_from_abroad"]
    assert absent["years"] == 0 and absent["kind"] == "" and len(absent["missing"]) == 8


def test_overview_tells_what_ships() -> None:
    shaanxi, tiny = overview(load_pack("shaanxi")), overview(load_pack("西藏"))
    assert shaanxi.posterior and not tiny.posterior
    assert (shaanxi.parameters_own, shaanxi.parameters_scaled) == (23, 0)
    assert (tiny.parameters_own, tiny.parameters_scaled) == (0, 23)
    assert (tiny.first_year, tiny.last_year) == (2017, 2017)
    assert tiny.limits == ("no_fit", "luck") and shaanxi.limits == ()


def test_limits_follow_from_years_and_contracts() -> None:
    years = [2000, 2005, 2010, *range(2012, 2018)]
    assert limits_of(years, 30_000) == ()
    assert limits_of(years, 300) == ("luck",)
    assert limits_of([2000, 2005, 2015, 2016, 2017], 30_000) == ("no_fit",)
    assert limits_of([2017], 30_000) == ("no_fit",)
    assert limits_of([], None) == ("no_run", "no_fit", "luck")
    assert luck_of_a_year(31357) == pytest.approx(0.11) and luck_of_a_year(3135.7) == pytest.approx(0.26)
    assert luck_of_a_year(1016) > LUCK_AS_LARGE_AS_A_FORECAST > luck_of_a_year(2039)


def test_a_source_of_unknown_kind_is_refused_until_the_head_names_it(tmp_path: Path) -> None:
    folder = tmp_path / "gansu"
    shutil.copytree(PACK_FOLDER / "gansu", folder)
    file = folder / "series.csv"
    own = "Gansu Development Yearbook 2018"
    file.write_text(file.read_text("utf-8") + f"gdp,province,2017,745990000000,yuan,{own}\n", "utf-8")
    (problem,) = check(folder)
    assert own in str(problem) and "source_kinds of pack.yaml" in str(problem)
    head = folder / "pack.yaml"
    text = head.read_text("utf-8")
    head.write_text(text + f'source_kinds:\n  "{own}": "offcial statistic"\n', "utf-8")
    (problem,) = check(folder)
    assert problem.suggestion == "official statistic"
    head.write_text(text + f'source_kinds:\n  "{own}": "official statistic"\n', "utf-8")
    assert check(folder) == ()
    assert kind_of_source(own) == UNKNOWN
    row = series_coverage(load_pack(folder)).set_index("indicator").loc["gdp"]
    assert row["kind"] == "official statistic" and row["missing"] == ()
