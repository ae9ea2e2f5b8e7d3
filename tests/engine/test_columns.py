from __future__ import annotations

import pickle

import numpy as np
import pytest

from shaanxi_transfer.agents import broker, enterprise, goods, government, producer
from shaanxi_transfer.engine.columns import (
    CODE,
    COUNT,
    KEY,
    MONEY,
    NUMBER,
    Column,
    number_record,
    record_dtype,
)
from shaanxi_transfer.engine.units import UNITS

SMALL = (
    Column("key", KEY, "key", "identity"),
    Column("cash", MONEY, "yuan", "money at hand"),
    Column("role", CODE, "code", "what it does", ("buyer", "seller")),
)

DECLARED = {
    "broker": broker.COLUMNS,
    "contract": goods.CONTRACT_COLUMNS,
    "enterprise": enterprise.COLUMNS,
    "government": government.COLUMNS,
    "need": goods.NEED_COLUMNS,
    "producer": producer.COLUMNS,
    "result": goods.RESULT_COLUMNS,
}


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"column cash: unknown unit 'dollar'"):
        Column("cash", MONEY, "dollar", "money at hand")


@pytest.mark.parametrize("unit", ["%", "percent", "Yuan", ""])
def test_percent_and_sloppy_units_are_refused(unit: str) -> None:
    with pytest.raises(ValueError, match="unknown unit"):
        Column("share", NUMBER, unit, "a share")


def test_a_column_declared_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"columns declared twice: \['cash'\]"):
        record_dtype((*SMALL, Column("cash", NUMBER, "yuan", "again")))


def test_rows_have_named_attributes_that_write_through() -> None:
    rows = np.zeros(3, dtype=record_dtype(SMALL))
    rows[1].cash = 7
    assert rows["cash"].tolist() == [0, 7, 0]
    assert rows[1].cash == 7
    assert record_dtype(SMALL).names == ("key", "cash", "role")


def test_named_numbers_become_a_record_in_sorted_order() -> None:
    record = number_record({"second": 2, "first": 1.5})
    assert (record.first, record.second) == (1.5, 2.0)
    assert record.dtype.names == ("first", "second")
    assert number_record({"b": 1.0, "a": 2.0}).dtype == number_record({"a": 0.0, "b": 0.0}).dtype


def test_a_copy_of_a_row_takes_what_python_writes() -> None:
    row = number_record({"first": 1.5, "second": 2.0})
    copy = pickle.loads(pickle.dumps(row))
    copy.first = 3.0
    assert (copy.first, copy.second, row.first) == (3.0, 2.0, 1.5)
    assert bytes(copy.data) == copy.tobytes(), "and so do compiled rules"


@pytest.mark.parametrize("kind", DECLARED)
def test_every_declaration_is_complete(kind: str) -> None:
    columns = DECLARED[kind]
    assert columns[0].name == "key"
    for column in columns:
        assert column.unit in UNITS
        assert column.name.isidentifier() and column.name == column.name.lower()
        assert len(column.meaning) > 3 and "|" not in column.meaning
        if column.unit == "yuan" or column.unit == "yuan/year":
            assert column.dtype is MONEY, f"{column.name}: money is whole yuan"
        if column.unit == "count":
            assert column.dtype is COUNT, column.name
    record_dtype(columns)
