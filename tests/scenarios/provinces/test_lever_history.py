"""Histories of levers that a pack states: they take the place of the package's, and faults have a place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.scenarios import lever_catalogue, load, load_pack
from shaanxi_transfer.scenarios.choosing.pack_years import shipped_years, years_until
from shaanxi_transfer.scenarios.provinces.lever_history import HISTORY_FILE, history_rows, read_histories

HEAD = "lever,date,value,unit,source\n"


def written(folder: Path, *lines: str) -> Path:
    file = folder / HISTORY_FILE
    file.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def test_a_lever_that_is_stated_has_no_other_history_and_the_others_have_that_of_the_package(
    tmp_path: Path,
) -> None:
    pack = tmp_path / "gansu"
    shutil.copytree(load_pack("gansu").folder, pack)
    written(pack, "fund_size,2014-Q1,2e9,yuan,mine", "fund_size,2016-Q3,4e9,yuan,mine")
    mine, shipped = load("no_plan").set(province=str(pack)), load("no_plan").set(province="gansu")
    path = mine.quarterly_lever_paths()["fund_size"]
    assert path[: 4 * 4].tolist() == [0.0] * 16 and path[4 * 4] == 2e9
    assert path[4 * 6 + 1] == 2e9 and path[4 * 6 + 2] == 4e9 == path[-1], "the last value holds to the end"
    for name, one in shipped.quarterly_lever_paths().items():
        if name != "fund_size":
            assert one.tobytes() == mine.quarterly_lever_paths()[name].tobytes(), name


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("fund_siz,2014-Q1,2e9,yuan,mine", "no lever is called 'fund_siz'.*did you mean fund_size"),
        ("fund_size,2014,2e9,yuan,mine", "'2014' is not a quarter.*2018-Q1 at the latest"),
        ("fund_size,2018-Q2,2e9,yuan,mine", "2018-Q2 is not before the plan, which starts in 2018-Q2"),
        ("fund_size,2014-Q1,2e9,count,mine", "the unit is 'count'.*did you mean yuan"),
        ("fund_size,2014-Q1,20,yuan,mine", "fund_size"),
    ],
)
def test_a_fault_has_its_line(line: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words) as refused:
        read_histories(written(tmp_path, line), shipped_years())
    assert refused.value.line == 2 and refused.value.file == str(tmp_path / HISTORY_FILE)


def test_what_is_written_to_be_filled_in_is_what_was_known() -> None:
    known = {(row["lever"], row["date"]) for row in history_rows(2014)}
    later = {(row["lever"], row["date"]) for row in history_rows(2017)} - known
    assert known and later
    assert max(Quarter.parse(date) for _, date in known) <= Quarter(2015, 1)
    assert min(Quarter.parse(date) for _, date in later) > Quarter(2015, 1)
    assert len(known | later) == sum(len(lever.history) for lever in lever_catalogue().values())


def test_what_hangs_on_the_eve_moves_with_it_and_nothing_else() -> None:
    years = years_until(2023)
    assert (years.first, years.last, years.levels_of) == (2010, 2023, 2017)
    assert (str(years.plan_start), str(years.plan_end)) == ("2024-Q2", "2026-Q4")
    assert (years.training_from, years.platforms_from) == (2022.0, 2024.0)
    assert (years.first_read, years.latest) == (2000, 2040)
    assert (years.luck_of(2010), years.luck_of(2024)) == (2010, 2024)
    later = years._replace(first=2013)
    assert later.luck_of(2013) == 2010 and later.first_read == 2003
