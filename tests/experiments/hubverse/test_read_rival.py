"""Quantile files of rivals: what is read, and each fault named with file, row, column and value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.hubverse.file_names import name_of_file, parse_name
from shaanxi_transfer.experiments.hubverse.read_rival import read_rival, rival_files_of

UNITS = {"contract_value_output": "yuan", "contract_count_output": "contracts"}
PLACES = ["shaanxi", "shanxi", "hubei"]
VALUE = "contract_value_output"


def refused(file: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read_rival(file, UNITS, PLACES)
    return caught.value


def test_a_file_is_put_into_the_words_of_the_project(rival_by_hand: Any, tmp_path: Path) -> None:
    rows = rival_by_hand.lognormal(20.0, 0.3, location="陕西省")[::-1]
    rows += rival_by_hand.lognormal(9.0, 0.3, target="contract_count_output", unit="contracts", horizon=3)
    rows += [f"2017-12-31,{VALUE},1,hubei,yuan,mean,NA,3e8", f"2017-12-31,{VALUE},1,hubei,yuan,sample,1,3e8"]
    read = read_rival(rival_by_hand.write(tmp_path, rows), UNITS, PLACES)
    assert (read.forecaster, read.origin, read.passed_over) == ("a_team-a_model", 2017, 2)
    assert [one[:3] for one in read.forecasts] == [
        ("shaanxi", VALUE, 2018),
        ("shaanxi", "contract_count_output", 2020),
    ]
    assert read.forecasts[0].levels.tolist() == list(rival_by_hand.SEVEN)
    assert (np.diff(read.forecasts[0].values) > 0).all()


def test_parquet_other_names_of_columns_and_days_are_read_alike(rival_by_hand: Any, tmp_path: Path) -> None:
    file = rival_by_hand.write(tmp_path, rival_by_hand.lognormal(20.0, 0.3))
    table = pd.read_csv(file).rename(columns={"origin_date": "reference_date"})
    table["reference_date"] = pd.to_datetime(table["reference_date"])
    table["target_end_date"] = "2018-12-31"
    table["model_id"] = "a_team-a_model"
    packed = tmp_path / "2017-12-31-a_team-a_model.gz.parquet"
    table.drop(columns="horizon").to_parquet(packed)
    first, second = read_rival(file, UNITS, PLACES), read_rival(packed, UNITS, PLACES)
    assert first.forecasts[0][:3] == second.forecasts[0][:3]
    assert first.forecasts[0].values.tolist() == second.forecasts[0].values.tolist()


@pytest.mark.parametrize(
    ("row", "column", "cell", "told", "allowed", "near"),
    [
        (2, "location", "shannxi", "unknown province 'shannxi'", "shaanxi", "shaanxi"),
        (2, "target", "contract_value_outpu", "unknown series 'contract", "list indicators", VALUE),
        (3, "unit", "万元", "the unit is '万元'", "yuan", "yuan"),
        (4, "horizon", "0", "'0' is no horizon", "whole years from 2017 on", None),
        (4, "horizon", "1.5", "'1.5' is no horizon", "whole years", None),
        (5, "value", "0", "0 has no logarithm", "a finite number above 0", None),
        (5, "value", "-3", "-3 has no logarithm", "above 0", None),
        (5, "value", "nan", "nan has no logarithm", "above 0", None),
        (5, "value", "many", "'many' is not a number", "above 0", None),
        (6, "output_type_id", "1.0", "1.0 is no probability", "above 0 and below 1", None),
        (6, "output_type_id", "NA", "'NA' is not a number", "above 0 and below 1", None),
        (7, "output_type", "quantiles", "'quantiles' is no kind of output", "quantile, mean", "quantile"),
        (8, "origin_date", "2016-12-31", "'2016-12-31' is not the origin", "2017-12-31", "2017-12-31"),
    ],
)
def test_a_wrong_cell_is_named(
    rival_by_hand: Any,
    tmp_path: Path,
    row: int,
    column: str,
    cell: str,
    told: str,
    allowed: str,
    near: str | None,
) -> None:
    rows = [line.split(",") for line in rival_by_hand.lognormal(20.0, 0.3)]
    rows[row - 2][rival_by_hand.HEAD.split(",").index(column)] = cell
    file = rival_by_hand.write(tmp_path, [",".join(line) for line in rows])
    error = refused(file)
    assert (error.file, error.line, error.key) == (str(file), row, column)
    assert told in error.problem
    assert allowed in str(error.allowed)
    assert near is None or near in str(error.suggestion)


def test_missing_quantiles_are_named_with_those_that_are_needed(rival_by_hand: Any, tmp_path: Path) -> None:
    rows = rival_by_hand.lognormal(20.0, 0.3)
    error = refused(rival_by_hand.write(tmp_path, [*rows[:1], *rows[2:5], *rows[6:]]))
    assert error.problem == f"quantiles are missing: 0.1, 0.9 (shaanxi {VALUE} 2018)"
    assert (error.line, error.key) == (2, "output_type_id")
    assert "0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975" in str(error.allowed)


def test_a_quantile_that_stands_twice_is_named_with_both_rows(rival_by_hand: Any, tmp_path: Path) -> None:
    rows = rival_by_hand.lognormal(20.0, 0.3)
    error = refused(rival_by_hand.write(tmp_path, [*rows, rows[3].replace("shaanxi", "陕西")]))
    assert "the quantile 0.5 stands there twice, first in row 5" in error.problem
    assert (error.line, error.key) == (9, "output_type_id")


def test_quantiles_that_cross_are_named_with_both_values(rival_by_hand: Any, tmp_path: Path) -> None:
    rows = rival_by_hand.lognormal(20.0, 0.3)
    rows[4] = ",".join([*rows[4].split(",")[:-1], "1000"])
    error = refused(rival_by_hand.write(tmp_path, rows))
    assert "1000 at 0.75 lies below" in error.problem and "at 0.5 in row 5" in error.problem
    assert (error.line, error.key) == (6, "value")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("forecast.csv", None),
        ("2017-12-31-a-team-a_model.csv", "2017-12-31-a_team-a_model.csv"),
        ("2017-a_team-a_model.csv", "2017-12-31-a_team-a_model.csv"),
        ("2018-03-01-a_team-a_model.parquet", "2017-12-31-a_team-a_model.parquet"),
        ("2017-12-31-a_team-a_model.txt", None),
    ],
)
def test_a_name_that_does_not_parse_is_refused(
    rival_by_hand: Any, tmp_path: Path, name: str, near: str | None
) -> None:
    error = refused(rival_by_hand.write(tmp_path, rival_by_hand.lognormal(20.0, 0.3), name))
    assert repr(name) in error.problem
    assert "<origin>-<team>-<model>.csv" in str(error.allowed)
    assert error.suggestion == near


@pytest.mark.parametrize(
    ("head", "key", "told"),
    [
        (("unit,", "unti,"), "unti", "unknown column 'unti' (and 1 more"),
        (("unit,", "value,"), "unit", "repeated"),
        (("horizon,", "model_id,"), "horizon or target_end_date or target_date", "the column is missing"),
        (("origin_date,", "model_id,"), "origin_date or reference_date or forecast_date", "missing"),
    ],
)
def test_a_wrong_heading_is_refused(
    rival_by_hand: Any, tmp_path: Path, head: tuple[str, str], key: str, told: str
) -> None:
    wrong = rival_by_hand.HEAD.replace(*head)
    error = refused(rival_by_hand.write(tmp_path, rival_by_hand.lognormal(20.0, 0.3), head=wrong))
    others = error.__dict__.get("others", (error,))
    assert error.line == 1
    assert any(one.key == key for one in others)
    assert told in error.problem or any(told in one.problem for one in others)


def test_a_year_that_is_told_twice_and_differently_is_refused(rival_by_hand: Any, tmp_path: Path) -> None:
    rows = [f"{row},2019-12-31" for row in rival_by_hand.lognormal(20.0, 0.3)]
    error = refused(rival_by_hand.write(tmp_path, rows, head=f"{rival_by_hand.HEAD},target_end_date"))
    assert "horizon 2018, target_end_date 2019" in error.problem
    bad = [row.replace("2019-12-31", "2016-12-31") for row in rows]
    error = refused(rival_by_hand.write(tmp_path, bad, head=f"{rival_by_hand.HEAD},target_end_date"))
    assert "unknown year '2016-12-31'" in error.problem


def test_a_file_without_quantiles_and_a_folder_without_files_are_refused(
    rival_by_hand: Any, tmp_path: Path
) -> None:
    file = rival_by_hand.write(tmp_path / "hub", [f"2017-12-31,{VALUE},1,hubei,yuan,mean,NA,3e8"])
    assert "no row of quantiles" in refused(file).problem
    assert rival_files_of(tmp_path) == [file]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no quantile file"):
        rival_files_of(tmp_path / "empty")
    broken = tmp_path / "2017-12-31-a_team-b.parquet"
    broken.write_bytes(b"PAR1")
    assert "not readable as Parquet" in refused(broken).problem


def test_a_name_that_is_written_is_the_name_that_is_read() -> None:
    assert parse_name(Path(name_of_file(2015, "a-b"))) == (2015, "a-b")
