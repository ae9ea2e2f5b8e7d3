from __future__ import annotations

import math
from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.published_effects.registered import FILE, registered


def test_every_design_has_figures_and_most_numbers_that_are_tests_have_a_size() -> None:
    figures = registered().values()
    assert {figure.design for figure in figures} == {"D1", "D2", "D3", "D4", "D5", "twins"}
    tests = [figure for figure in figures if figure.kind_of_use == "test" and figure.kind == "number"]
    assert len(tests) >= 5
    assert not any(figure.used_in_fit for figure in tests)
    assert all(figure.used_in_fit for figure in figures if figure.kind_of_use == "fitted")


def test_a_bound_has_no_middle_and_a_bare_figure_no_interval() -> None:
    bound, bare = registered()["voucher_new_partner"], registered()["voucher_losers"]
    assert math.isnan(bound.published)
    assert bound.low == 0.84
    assert bare.published == 0.1
    assert math.isnan(bare.low)


_SPOILT = {
    "a word": ("voucher_losers", "number,0.1", "numbre,0.1", "'numbre' is not one of.*did you mean number"),
    "a class": ("voucher_losers", ",test,no,", ",tested,no,", "did you mean test"),
    "a number": ("voucher_losers", "number,0.1", "number,a tenth", "'a tenth' is no number"),
    "no size": ("voucher_losers", "number,0.1", "number,", "lacks what it is held against.*published"),
    "a zero without measure": ("voucher_later", "zero,0,,,0.3,0.9", "zero,0,,,,0.9", "matters"),
    "a sign without direction": ("stake_private", "sign,1", "sign,", "1 or -1"),
    "twice": (
        "voucher_losers",
        "voucher_losers",
        "voucher_additional",
        "voucher_additional is registered twice",
    ),
}


@pytest.mark.parametrize("case", _SPOILT)
def test_what_is_spoilt_is_named(case: str, tmp_path: Path) -> None:
    name, before, after, said = _SPOILT[case]
    lines = FILE.read_text(encoding="utf-8").splitlines()
    row = next(i for i, line in enumerate(lines) if line.startswith(name))
    assert before in lines[row]
    lines[row] = lines[row].replace(before, after, 1)
    file = tmp_path / "registered.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match=said) as refused:
        registered(file)
    assert f"registered.csv:{row + 1}" in str(refused.value)
