from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.keeping.atomic_files import write_atomically
from shaanxi_transfer.experiments.keeping.parquet_parts import COLUMNS, indicators_in
from shaanxi_transfer.experiments.keeping.store import FAILURE_COLUMNS, Store, open_store
from shaanxi_transfer.experiments.planning.plan_of_runs import PlannedRun
from shaanxi_transfer.experiments.planning.runs import Failed, Finished

IDENTITY: dict[str, Any] = {"seed": 1, "scenarios": {"计划": {"hash": "abc", "contents": {"note": "a"}}}}
LARGEST_SEED = 2**63 - 1


def finished(
    future: int, values: Any, indicators: tuple[str, ...] = ("turnover", "coverage.xian")
) -> Finished:
    run = PlannedRun(f"计划-{future:06d}", "计划", future, LARGEST_SEED - future)
    return Finished(run, indicators, (Quarter(2017, 4), Quarter(2018, 1)), np.array(values, np.float64))


def test_rows_come_back_to_the_bit(tmp_path: Path) -> None:
    store = open_store(tmp_path / "结果 folder", IDENTITY)
    store.add([finished(1, [[1 / 3, 5e-324], [1e300, -0.0]]), finished(0, [[1, 2], [3, 4]])])
    store.add([finished(2, [[9], [8]], ("other",))])  # another set of indicators in another part
    rows = store.read()
    assert tuple(rows.columns) == COLUMNS
    assert [part.name[:12] for part in store.parts()] == ["part-000001-", "part-000002-"]
    assert store.finished_runs() == {"计划-000000", "计划-000001", "计划-000002"}
    first = rows[rows["future"] == 1]
    assert list(first["indicator"]) == ["coverage.xian", "coverage.xian", "turnover", "turnover"]
    assert list(zip(first["year"], first["quarter"], strict=True)) == [(2017, 4), (2018, 1)] * 2
    assert first["value"].to_numpy().tobytes() == np.array([5e-324, -0.0, 1 / 3, 1e300]).tobytes()
    assert first["seed"].unique().tolist() == [LARGEST_SEED - 1]


def test_another_program_reads_the_parts(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a", IDENTITY)
    store.add([finished(0, [[1, 2], [3, 4]])])
    parts = f"{tmp_path}/a/runs/*.parquet"
    query = f"select scenario, quarter, sum(value) from '{parts}' group by all order by quarter"
    with duckdb.connect() as database:
        assert database.execute(query).fetchall() == [("计划", 1, 7.0), ("计划", 4, 3.0)]
    assert not any(field.nullable for field in pq.read_schema(store.parts()[0]))


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("old", encoding="utf-8")

    def half(path: Path) -> None:
        path.write_text("ne", encoding="utf-8")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically(file, half)
    assert file.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_failures_round_trip(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a", IDENTITY)
    run = PlannedRun("计划-000003", "计划", 3, LARGEST_SEED)
    store.write_failures(
        [Failed(run, "exception", 'said "no", then left')], lambda failed: f"again {failed.run.run_id}"
    )
    (row,) = store.failures().to_dict("records")
    assert tuple(row) == FAILURE_COLUMNS
    assert tuple(row.values()) == (*run, "exception", 'said "no", then left', "again 计划-000003")
    store.write_failures([], lambda failed: "")
    assert (tmp_path / "a" / "failures.csv").read_text(encoding="utf-8") == ",".join(FAILURE_COLUMNS) + "\n"


def test_a_table_keeps_every_digit(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"value": [1 / 3, 0.1 + 0.2, np.nan], "year": pd.array([2019, None, 2020], dtype="Int64")}
    )
    store = Store(tmp_path)
    store.write_csv("t.csv", frame)
    again = store.read_csv("t.csv")
    assert again["value"].to_numpy().tobytes() == frame["value"].to_numpy().tobytes()
    assert (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()[2] == "0.30000000000000004,"


def test_the_same_experiment_reopens_its_folder(tmp_path: Path) -> None:
    open_store(tmp_path / "a", IDENTITY).add([finished(0, [[1, 2], [3, 4]])])
    reworded = {**IDENTITY, "scenarios": {"计划": {"hash": "abc", "contents": {"note": "better words"}}}}
    assert open_store(tmp_path / "a", reworded).finished_runs() == {"计划-000000"}


def test_runs_keep_the_indicators_with_which_they_were_begun(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a", {**IDENTITY, "indicators": {"a": "1"}})
    part = store.add([finished(0, [[1, 2], [3, 4]])])
    assert part is not None and len(indicators_in(part)) == 2
    open_store(tmp_path / "a", {**IDENTITY, "indicators": {"a": "1", "new": "2"}})
    with pytest.raises(InputError, match=r"different: indicators\.a;"):
        open_store(tmp_path / "a", {**IDENTITY, "indicators": {"a": "2"}})


def test_another_experiment_is_refused_and_the_difference_named(tmp_path: Path) -> None:
    open_store(tmp_path / "a", IDENTITY)
    other = {"seed": 2, "scenarios": {"计划": {"hash": "xyz", "contents": {}}}}
    with pytest.raises(InputError, match=r"^out: .*different: scenarios\.计划\.hash, seed; allowed a new"):
        open_store(tmp_path / "a", other)


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(InputError, match="holds no experiment"):
        open_store(tmp_path, IDENTITY)
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"^out: .*cannot be written"):
        open_store(tmp_path / "file" / "below", IDENTITY)


@pytest.mark.parametrize("entry", ["seed", "scenarios"])
def test_an_entry_that_a_manifest_lacks_is_named_when_it_is_asked_for(entry: str, tmp_path: Path) -> None:
    store = open_store(tmp_path, IDENTITY)
    manifest = store.manifest()
    assert manifest["identity"]["scenarios"]["计划"]["hash"] == "abc"
    del manifest["identity"][entry]
    store.write_manifest(manifest)
    with pytest.raises(InputError) as refused:
        store.manifest()["identity"][entry]
    assert str(refused.value).startswith(
        f"{tmp_path / 'manifest.json'}: {entry}: there is no entry {entry!r}; "
    )
    assert store.manifest()["identity"].get(entry) is None
