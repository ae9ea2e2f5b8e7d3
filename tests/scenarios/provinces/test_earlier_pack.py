"""The pack of a province as it would have been: nothing later, by whatever way."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import list_provinces, load_pack
from shaanxi_transfer.scenarios.provinces.earlier_pack import earlier_parameters, write_earlier_pack
from shaanxi_transfer.scenarios.provinces.levels_of_last_year import FIRMS, LEVELS


@pytest.mark.parametrize("year", [2013, 2016])
def test_later_figures_change_no_byte(tmp_path: Path, year: int, spoilt: Any) -> None:
    other = spoilt("sichuan", tmp_path / "spoilt", year)
    one = write_earlier_pack("sichuan", year, tmp_path / "one")
    two = write_earlier_pack(other, year, tmp_path / "two")
    names = sorted(file.name for file in one.iterdir())
    assert names == sorted(file.name for file in two.iterdir())
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    assert load_pack(other).hash != load_pack("sichuan").hash


def test_an_earlier_pack_is_a_pack_that_ends_earlier(tmp_path: Path) -> None:
    today = load_pack("hubei")
    pack = load_pack(write_earlier_pack("hubei", 2014, tmp_path / "hubei"))
    assert (pack.name, pack.manifest.last_year) == ("hubei", 2014)
    assert pack.series["year"].max() == pack.observed["year"].max() == 2014
    known = {year: value for year, value in today.series_of("rd_expenditure").items() if year <= 2014}
    assert pack.series_of("rd_expenditure") == known


@pytest.mark.parametrize("province", list_provinces())
def test_with_all_years_known_nothing_is_scaled_again(province: str) -> None:
    pack = load_pack(province)
    assert earlier_parameters(pack, pack.manifest.last_year) == pack.parameters


def test_levels_are_scaled_by_what_was_known() -> None:
    then, now = earlier_parameters(load_pack("sichuan"), 2013), load_pack("sichuan").parameters
    # In 2013 Sichuan registered two thirds as many contracts as Shaanxi, in 2017 two fifths.
    name, mean = LEVELS
    shaanxi = load_pack("shaanxi")
    ratio = load_pack("sichuan").series_of("contract_count_output")[2013]
    ratio /= shaanxi.series_of("contract_count_output")[2013]
    nation = shaanxi.series_of("contract_count_output", "china")
    expected = shaanxi.parameters[name].value * ratio * nation[2013] / nation[2017]
    assert then[name].value == pytest.approx(expected, rel=1e-3)
    assert then[mean].value < 0.5 * now[mean].value
    bounds = [then[name].low, then[name].value, then[name].high]
    assert bounds == sorted(bounds, key=lambda x: x or 0.0)


def test_a_parameter_improved_by_hand_stays(tmp_path: Path) -> None:
    folder = tmp_path / "hubei"
    shutil.copytree(load_pack("hubei").folder, folder)
    file = folder / "parameters.yaml"
    text = file.read_text(encoding="utf-8")
    own = f"value: {load_pack(folder).parameters['universities'].value:g}\n"
    assert text.count(own) == 1
    file.write_text(text.replace(own, "value: 111\n"), encoding="utf-8")
    assert earlier_parameters(load_pack(folder), 2013)["universities"].value == 111


def test_firms_are_counted_at_the_origin() -> None:
    """The sources' number is of 2017, four years later; by the prior two thirds of it were there in 2010."""
    now = load_pack("shaanxi").parameters[FIRMS]
    then = earlier_parameters(load_pack("shaanxi"), 2013)[FIRMS]
    assert then.value == pytest.approx(now.value * 0.66 ** (4 / 7))
    assert then.high == pytest.approx(now.high * 0.66 ** (4 / 7))


def test_what_was_not_known_yet_scales_nothing() -> None:
    """Nobody knew what universities took from firms before 2014: at origin 2013 the older rule holds."""
    shaanxi = load_pack("shaanxi").parameters["commission_intensity_university"]
    then, now = (earlier_parameters(load_pack("gansu"), year) for year in (2013, 2014))
    name = "commission_intensity_university"
    assert then[name].value == shaanxi.value and then[name].note.startswith("As in shaanxi, not scaled.")
    assert now[name].value < 0.3 * shaanxi.value and "in 2014" in now[name].note
    assert "by rd_basic in 2013" in then["universities"].note
    assert "by universities_ranked in 2014" in now["universities"].note


def test_a_year_after_the_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ends with 2017"):
        write_earlier_pack("hubei", 2018, tmp_path / "later")
