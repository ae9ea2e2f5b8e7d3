"""Names of provinces: two of them differ by one letter, and people write them in two languages."""

from __future__ import annotations

import csv
import itertools

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.planning.checks import check_province
from shaanxi_transfer.scenarios import list_provinces, load, load_pack
from shaanxi_transfer.scenarios.provinces.names import (
    NAMES_FILE,
    find_province,
    in_both_languages,
    near_provinces,
    unknown_province,
)

TWINS = {"shaanxi": "陕西", "shanxi": "山西"}


def table() -> list[dict[str, str]]:
    with NAMES_FILE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("row", table(), ids=lambda row: row["province"])
def test_every_name_of_a_province_finds_its_pack(row: dict[str, str]) -> None:
    others = [name.strip() for name in row["other_names"].split(";")]
    assert others[0].startswith(row["name_zh"]), "the long Chinese name comes first"
    for name in (row["province"], row["name_in_panel"], row["name_zh"], *others, row["province"].title()):
        assert find_province(name) == row["province"]
    assert load_pack(row["name_zh"]).name == row["province"]
    assert load_pack(row["province"]).name_zh == row["name_zh"]


def test_no_name_belongs_to_two_provinces() -> None:
    names = [
        {row["province"], row["name_in_panel"], row["name_zh"], *row["other_names"].split("; ")}
        for row in table()
    ]
    for one, other in itertools.combinations(names, 2):
        assert not one & other
    assert [row["province"] for row in table()] == list_provinces()


@pytest.mark.parametrize("name", TWINS)
def test_the_two_that_differ_by_one_letter_are_two_provinces(name: str) -> None:
    assert load_pack(name).name == load_pack(TWINS[name]).name == name
    assert load("no_plan").set(province=TWINS[name]).province == name
    assert check_province(TWINS[name], list_provinces()) == name
    (other,) = set(TWINS) - {name}
    one, two = (load_pack(each).series_of("contract_value_output")[2017] for each in (name, other))
    assert one != two


@pytest.mark.parametrize(
    "word", ["shannxi", "shaanxii", "shanxii", "sanxi", "Shhanxi", "shaanxi1", "shanxi?"]
)
def test_a_near_spelling_is_never_guessed_and_both_are_shown(word: str) -> None:
    assert find_province(word) is None
    assert set(near_provinces(word)) == set(TWINS)
    with pytest.raises(InputError) as caught:
        load_pack(word) if "?" not in word else check_province(word, list_provinces())
    for name, chinese in TWINS.items():
        assert f"{name} ({chinese})" in str(caught.value)


def test_only_names_as_near_are_shown() -> None:
    assert near_provinces("gansuu") == ["gansu"]
    assert near_provinces("hubbei") == ["hubei"]
    assert near_provinces("zzzz") == []
    assert unknown_province("zzzz").suggestion is None
    assert in_both_languages("somewhere") == "somewhere"


def test_only_packs_that_are_there_are_found_and_shown() -> None:
    assert find_province("陕西", ["hubei"]) is None
    assert near_provinces("shanxi", ["shaanxi", "hubei"]) == ["shaanxi"]
    assert find_province("Atlantis", ["atlantis"]) == "atlantis"
