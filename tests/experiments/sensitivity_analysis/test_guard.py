"""R16: whatever is wrong with the outputs of a design, no index is computed from them."""

from __future__ import annotations

import importlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.keeping.atomic_files import checked_name
from shaanxi_transfer.experiments.keeping.parquet_parts import SCHEMA, bytes_of, read_part
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.resume import resume
from shaanxi_transfer.experiments.running.design_points import DESIGN, Design, read_design
from shaanxi_transfer.experiments.sensitivity_analysis.carry_out import MISSING, analyse, carry_out
from shaanxi_transfer.experiments.sensitivity_analysis.finished_analysis import SENSITIVITY, Sensitivity
from shaanxi_transfer.experiments.sensitivity_analysis.guard import DesignError
from shaanxi_transfer.experiments.sensitivity_analysis.options import SensitivityOptions
from shaanxi_transfer.experiments.sensitivity_analysis.problem import Problem
from shaanxi_transfer.experiments.sensitivity_analysis.study import Study, make_study

SIZES = {"morris": 16, "sobol": 16, "pawn": 60}
Spoil = Callable[[pd.DataFrame], pd.DataFrame]


def study_of(functions: Any, pack_folder: str, method: str, out: Path, **more: Any) -> Study:
    world = functions.World("linear", noise=0.01, pack_folder=pack_folder, **more)
    return make_study(
        world,
        functions.DEFINITIONS.targets,
        SensitivityOptions(
            method=method,
            over="uncertainties",
            group_by="none",
            only=None,
            points=SIZES[method],
            seeds=2,
            rest="central",
            scale=0.1,
            seed=1,
            out=out,
            workers=0,
        ),
    )


@pytest.fixture(scope="module", params=["morris", "sobol", pytest.param("pawn", marks=pytest.mark.soak)])
def once(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Study, Any, Sensitivity]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parents[1]))
        functions = importlib.import_module("fake_functions")
        patch.setattr(door_to_model, "scenario_of", functions.world_of)
        patch.setattr(door_to_model, "model", lambda own=None: functions.MODEL)
        pack = tmp_path_factory.mktemp("pack")
        (pack / "series.csv").write_text("year,value\n2017,1\n", encoding="utf-8")
        out = tmp_path_factory.mktemp("study") / "out"
        study = study_of(functions, str(pack), request.param, out)
        yield study, functions.MODEL, carry_out(study, functions.MODEL)


@pytest.fixture
def finished(once: tuple[Study, Any, Sensitivity], tmp_path: Path) -> tuple[Study, Any, Sensitivity]:
    """A copy of the finished folder, to be spoilt."""
    study, model, done = once
    shutil.copytree(done.folder, tmp_path / "out")
    return study, model, Sensitivity.read(tmp_path / "out")


def rewrite(folder: Path, spoil: Spoil, seal: str | None = None) -> None:
    """Put all runs into one part, changed, under a name with the right checksum and the right seal."""
    store = Store(folder)
    frame = spoil(store.read())
    for part in store.parts():
        part.unlink()
    # column by column: a whole frame would have its NaN made into nulls
    columns = [
        pa.array(frame[field.name].to_numpy(), pa.string() if "dictionary" in str(field.type) else field.type)
        for field in SCHEMA
    ]
    table = pa.Table.from_arrays(
        [column.dictionary_encode() if pa.types.is_string(column.type) else column for column in columns],
        schema=SCHEMA,
    )
    contents = bytes_of(
        table.replace_schema_metadata({"identity_hash": store.seal if seal is None else seal})
    )
    (folder / "runs" / checked_name("part", 1, contents, ".parquet")).write_bytes(contents)


def without(share: float) -> Spoil:
    def spoil(frame: pd.DataFrame) -> pd.DataFrame:
        runs = sorted(frame["run_id"].unique())
        gone = runs[:: int(1 / share)] if share else runs[7:8]
        left: pd.DataFrame = frame.loc[~frame["run_id"].isin(gone)]
        return left

    return spoil


def not_finite(share: float, value: float = np.nan) -> Spoil:
    def spoil(frame: pd.DataFrame) -> pd.DataFrame:
        rows = frame.index[:: int(1 / share)] if share else frame.index[7:8]
        frame.loc[rows, "value"] = value
        return frame

    return spoil


def doubled(frame: pd.DataFrame) -> pd.DataFrame:
    twice: pd.DataFrame = pd.concat([frame, frame[frame["run_id"] == frame["run_id"].iloc[0]]])
    return twice


def truncated(frame: pd.DataFrame) -> pd.DataFrame:
    head: pd.DataFrame = frame.head(int(0.9 * len(frame)))
    return head


def cut_short(frame: pd.DataFrame) -> pd.DataFrame:
    cut = (frame["run_id"] == frame["run_id"].iloc[0]) & (frame["quarter"] == 4)
    left: pd.DataFrame = frame.loc[~cut]
    return left


def of_other_seeds(frame: pd.DataFrame) -> pd.DataFrame:
    frame.loc[frame["future"] == 1, "seed"] += 1
    return frame


def of_other_points(frame: pd.DataFrame) -> pd.DataFrame:
    one = frame[frame["run_id"] == frame["run_id"].iloc[0]]
    more: pd.DataFrame = pd.concat([frame, one.assign(scenario="point-900000", run_id="point-900000-000000")])
    return more


FAULTS: dict[str, Spoil] = {
    "one run missing": without(0.0),
    "1 % of runs missing": without(0.01),
    "10 % of runs missing": without(0.1),
    "one NaN": not_finite(0.0),
    "1 % NaN": not_finite(0.01),
    "10 % NaN": not_finite(0.1),
    "infinite": not_finite(0.0, np.inf),
    "doubled": doubled,
    "truncated": truncated,
    "a run cut short": cut_short,
    "other seeds": of_other_seeds,
    "other points": of_other_points,
}


@pytest.mark.battery("R16", "spoilt outputs of a design: missing, not finite, double, cut, foreign")
def test_whatever_is_wrong_with_the_rows_is_refused(
    finished: tuple[Study, Any, Sensitivity], tell: Any
) -> None:
    study, model, done = finished
    whole = done.folder.with_name("whole")
    shutil.copytree(done.folder, whole)
    for name, spoil in FAULTS.items():
        folder = done.folder.with_name(name.replace(" ", "_"))
        shutil.copytree(whole, folder)
        rewrite(folder, spoil)
        with pytest.raises(DesignError) as refused:
            analyse(folder, study, model)
        assert refused.value.runs, name
        assert not (folder / SENSITIVITY).exists(), "a table of before stands beside a broken design"
        assert sorted(pd.read_csv(folder / MISSING)["run_id"]) == sorted(refused.value.runs)
        if "missing" in name or name in ("truncated", "a run cut short"):
            assert f'shaanxi-transfer resume "{folder.resolve()}"' in str(refused.value)
    tell(len(FAULTS), f"{study.question.method.name}: all refused")


def test_missing_runs_are_named_one_by_one(finished: tuple[Study, Any, Sensitivity]) -> None:
    study, model, done = finished
    gone = ["point-000003-000000", "point-000011-000001"]
    rewrite(done.folder, lambda frame: frame[~frame["run_id"].isin(gone)])
    with pytest.raises(DesignError, match=r"2 of \d+ runs are missing or not whole: point-000003-000000, "):
        analyse(done.folder, study, model)
    assert resume(done.folder, workers=0) == 0  # what the command does
    pd.testing.assert_frame_equal(Sensitivity.read(done.folder).indices, done.indices)
    assert not (done.folder / MISSING).exists()


@pytest.mark.battery("R16", "shuffled rows, put in order by their keys")
def test_shuffled_rows_are_put_in_order_by_their_keys(
    finished: tuple[Study, Any, Sensitivity], tell: Any
) -> None:
    study, model, done = finished
    rewrite(done.folder, lambda frame: frame.sample(frac=1.0, random_state=1))
    pd.testing.assert_frame_equal(analyse(done.folder, study, model).indices, done.indices)
    tell(1, f"{study.question.method.name}: paired by their keys, tables unchanged")


@pytest.mark.battery("R16", "a part of another version")
def test_a_part_of_another_version_is_refused(finished: tuple[Study, Any, Sensitivity], tell: Any) -> None:
    study, model, done = finished
    rewrite(done.folder, lambda frame: frame, seal="0" * 64)
    with pytest.raises(DesignError, match="another version of code or data"):
        analyse(done.folder, study, model)
    assert not (done.folder / SENSITIVITY).exists()
    tell(1, f"{study.question.method.name}: refused")


@pytest.mark.battery("R16", "a damaged part")
def test_a_damaged_part_is_refused(finished: tuple[Study, Any, Sensitivity], tell: Any) -> None:
    study, model, done = finished
    part = Store(done.folder).parts()[0]
    contents = bytearray(part.read_bytes())
    contents[len(contents) // 3] ^= 1
    part.write_bytes(bytes(contents))
    with pytest.raises(DesignError, match=r"damaged.*resume"):
        analyse(done.folder, study, model)
    assert not (done.folder / SENSITIVITY).exists()
    part.write_bytes(contents[: len(contents) // 2])
    with pytest.raises(DesignError, match="is damaged"):
        analyse(done.folder, study, model)
    with pytest.warns(UserWarning, match="is damaged"):
        assert resume(done.folder, workers=0) == 0
    pd.testing.assert_frame_equal(Sensitivity.read(done.folder).indices, done.indices)
    tell(1, f"{study.question.method.name}: refused, then made again")


CHANGES: dict[str, Callable[[Design], Design]] = {
    "reversed": lambda design: Design(design.names, design.shares[::-1]),
    "truncated": lambda design: Design(design.names, design.shares[:-5]),
    "doubled": lambda design: Design(design.names, np.vstack([design.shares, design.shares[:1]])),
    "columns renamed": lambda design: Design(design.names[::-1], design.shares),
    "last digit": lambda design: Design(design.names, np.clip(design.shares + 1e-12, 0.0, 1.0)),
}


@pytest.mark.battery("R16", "a design that was reversed, cut, lengthened, renamed, changed in the last digit")
def test_a_changed_design_is_refused(finished: tuple[Study, Any, Sensitivity], tell: Any) -> None:
    study, model, done = finished
    before = read_design(done.folder)
    for name, change in CHANGES.items():
        (done.folder / DESIGN).unlink()
        change(before).write(done.folder)
        with pytest.raises(DesignError, match="not the design of this folder"):
            analyse(done.folder, study, model)
        assert not (done.folder / SENSITIVITY).exists(), name
    tell(len(CHANGES), f"{study.question.method.name}: all refused")


def test_a_changed_manifest_is_refused(finished: tuple[Study, Any, Sensitivity]) -> None:
    study, model, done = finished
    file = done.folder / "manifest.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"code": "', '"code": "0'), encoding="utf-8")
    with pytest.raises(DesignError, match="an entry was changed"):
        analyse(done.folder, study, model)


def test_a_run_that_fails_for_ever_ends_the_batch_and_is_refused(
    functions: Any, pack_folder: str, tmp_path: Path
) -> None:
    study = study_of(functions, pack_folder, "sobol", tmp_path / "out", fails_above=0.95)
    with pytest.raises(DesignError, match=r"are missing.*of them failed before.*--again") as refused:
        carry_out(study, functions.MODEL)
    failed = pd.read_csv(tmp_path / "out" / "failures.csv")
    assert set(refused.value.runs) <= set(failed["run_id"])
    assert json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["runs_failed"]


def test_reading_a_part_needs_its_checksum(finished: tuple[Study, Any, Sensitivity]) -> None:
    part = Store(finished[2].folder).parts()[0]
    renamed = part.rename(part.with_name("part-000001-0123456789abcdef.parquet"))
    with pytest.raises(InputError, match="damaged"):
        read_part(renamed)


@pytest.mark.parametrize(
    ("names", "bounds", "groups", "message"),
    [
        (("a", "b"), ((0.0, 1.0), (np.nan, 1.0)), None, "b ranges from nan to 1"),
        (("a", "b"), ((0.0, 1.0), (0.0, np.inf)), None, "b ranges from 0 to inf"),
        (("a", "b"), ((0.0, 1.0), (0.9, 0.1)), None, "b ranges from 0.9 to 0.1"),
        (("a", "b"), ((0.0, 1.0), (0.5, 0.5)), None, "b ranges from 0.5 to 0.5"),
        (("a", "b"), ((0.0, 1.0),) * 3, None, "3 ranges are given for 2 factors"),
        (("a", "a"), ((0.0, 1.0),) * 2, None, "'a' stands there twice"),
        (("a", "luck"), ((0.0, 1.0),) * 2, None, "'luck' cannot be"),
        ((), (), None, "no factor"),
        (("a", "b"), ((0.0, 1.0),) * 2, ("g",), "1 groups are given for 2 factors"),
        (("a", "b"), ((0.0, 1.0),) * 2, ("g", "g"), "all factors are in one group"),
    ],
)
def test_an_unsound_problem_is_refused(names: Any, bounds: Any, groups: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Problem(names, bounds, groups)
