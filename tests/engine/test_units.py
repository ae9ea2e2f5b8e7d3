from __future__ import annotations

from shaanxi_transfer.engine.units import UNITS


def test_never_percent() -> None:
    assert not [unit for unit in UNITS if "%" in unit or "percent" in unit or unit.startswith("per cent")]


def test_every_unit_is_explained_in_one_line() -> None:
    for unit, meaning in UNITS.items():
        assert unit == unit.strip() and unit
        assert len(meaning) > 5 and "\n" not in meaning


def test_money_and_flows_of_money_are_whole_words() -> None:
    assert {"yuan", "yuan/year", "fraction", "count", "people", "contracts", "date"} <= UNITS.keys()
    for unit in UNITS:
        if unit.endswith("/year"):
            assert unit.removesuffix("/year") in UNITS, f"{unit}: a flow of something that is not a unit"
