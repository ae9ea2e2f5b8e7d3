"""What is refused before anything is computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.published_effects.checks import read
from shaanxi_transfer.studies.published_effects.collapsed import collapsed_t
from shaanxi_transfer.studies.published_effects.poisson import poisson_difference
from shaanxi_transfer.studies.published_effects.randomisation import randomised

TABLE = pd.DataFrame({"contracts": [1.0, 2.0, 4.0], "won": [1, 0, 0]})


def test_a_missing_column_is_named_with_the_nearest_spelling() -> None:
    with pytest.raises(InputError) as refusal:
        read(TABLE, {"outcome": "contract"})
    assert str(refusal.value) == (
        "outcome: no column 'contract'; allowed contracts, won; did you mean contracts?"
    )


@pytest.mark.parametrize("value", [np.nan, np.inf, None])
def test_a_value_that_is_no_number_is_named_with_its_row(value: float | None) -> None:
    table = TABLE.assign(contracts=pd.Series([1.0, value, value], dtype=object))
    with pytest.raises(
        InputError, match=r"outcome: 2 of 3 values of 'contracts' .* in row 2; allowed finite"
    ):
        read(table, {"outcome": "contracts"})


def test_a_missing_label_is_named() -> None:
    with pytest.raises(
        InputError, match=r"unit: 1 of 3 values of 'city' cannot be used, the first, .* in row 3"
    ):
        read(TABLE.assign(city=pd.Series(["one", "two", None], dtype=object)), {}, {"unit": "city"})


def test_treated_is_nought_or_one() -> None:
    with pytest.raises(InputError, match=r"treated: 2 of 3 values of 'contracts' .*; allowed 0 or 1"):
        read(TABLE, {"treated": "contracts"})


def test_no_row_is_refused() -> None:
    with pytest.raises(InputError, match="no rows"):
        read(TABLE[:0], {"outcome": "contracts"})


@pytest.mark.parametrize("estimator", [collapsed_t, randomised, poisson_difference])
@pytest.mark.parametrize(
    ("spoil", "changed", "line"),
    [
        ({"treated": 0}, {}, "treated: nobody treated"),
        ({"treated": 1}, {}, "treated: 24 treated, nobody untreated"),
        ({"quarter": 2013.0}, {}, "start: 2014 does not part the data"),
        ({}, {"start": 2020.0}, r"start: 2020 .* allowed above 2013 and at most 2014\.75"),
        ({}, {"start": 2013.0}, "start: 2013 does not part the data"),
        ({"city": "city 1", "treated": 1}, {}, "unit: unit city 1 has two rows in period 2013; allowed one"),
        ({}, {"treated": "dose"}, "treated: unit city 0 is treated in some rows and not in others"),
        ({}, {"period": "quarters"}, "did you mean quarter"),
    ],
)
def test_a_panel_that_cannot_tell_is_refused(
    estimator: Callable[..., object],
    spoil: dict[str, Any],
    changed: dict[str, Any],
    line: str,
    panel: Callable[..., pd.DataFrame],
    columns: dict[str, Any],
) -> None:
    table = panel(np.random.default_rng(1), 8, 24)
    table["value"] = table["value"].abs()
    with pytest.raises(InputError, match=line) as refusal:
        estimator(table.assign(**spoil), **{**columns, **changed})
    assert "\n" not in str(refusal.value)


def test_a_unit_seen_on_one_side_alone_is_named(
    panel: Callable[..., pd.DataFrame], columns: dict[str, Any]
) -> None:
    table = panel(np.random.default_rng(1), 8, 24)
    table = table[(table["city"] != "city 5") | (table["quarter"] >= 2014.0)]
    with pytest.raises(
        InputError, match="unit: 1 of 24 units, city 5 the first, have no row on one side of 2014"
    ):
        collapsed_t(table, **columns)
