"""What is damaged in a store is found, put aside and made again; it is never analysed."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.forecast import Forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping.atomic_files import checksum_in, write_checked
from shaanxi_transfer.experiments.keeping.integrity import damages, open_finished
from shaanxi_transfer.experiments.keeping.parquet_parts import bytes_of, read_part
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.status import status_of
from shaanxi_transfer.reports.exporting.contents import read_for_export
from shaanxi_transfer.reports.tables.experiment_folder import read_results

FUTURES = 20


def flip(contents: bytes, luck: random.Random) -> bytes:
    place = luck.randrange(len(contents))
    return contents[:place] + bytes([contents[place] ^ (1 << luck.randrange(8))]) + contents[place + 1 :]


def truncate(contents: bytes, luck: random.Random) -> bytes:
    return contents[: luck.randrange(len(contents))]


def lengthen(contents: bytes, luck: random.Random) -> bytes:
    return contents + luck.randbytes(luck.randrange(1, 100))


DAMAGES = (flip, truncate, lengthen)


@pytest.fixture
def store(night: Any, pack_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(
        "shaanxi_transfer.experiments.running.outcome_writer.RUNS_PER_PART", night.RUNS_PER_PART
    )
    return Store(night.forecast(tmp_path / "out", pack_folder, FUTURES, 0).folder)


def again(night: Any, store: Store, pack_folder: str) -> list[str]:
    """Open the folder again, which mends it; give what was said."""
    said: list[str] = []
    night.make_forecast(
        night.worlds(pack_folder),
        night.fake.MODEL,
        ForecastOptions(
            runs=FUTURES,
            out=store.folder,
            workers=0,
            progress=lambda progress: said.extend([progress.note] if progress.note else []),
        ),
    )
    return said


@pytest.mark.battery("R15", "a part or its copy flipped, cut or lengthened: found, put aside, made again")
def test_every_damage_is_found_and_mended(
    night: Any, store: Store, pack_folder: str, soak: bool, tell: Any
) -> None:
    luck = random.Random(None if soak else 3)
    whole = store.read()
    tables = {name: (store.folder / name).read_bytes() for name in ("targets.csv", "indicators.csv")}
    cases = 60 if soak else 6
    for case in range(cases):
        victim = luck.choice(store.parts("predictive" if case % 6 == 5 else "runs"))
        victim.write_bytes(DAMAGES[case % 3](victim.read_bytes(), luck))
        (found,) = damages(store)
        assert found.file == victim
        with pytest.raises(
            InputError, match=r"the part is damaged: .*allowed whole parts: `shaanxi-transfer resume"
        ):
            read_part(victim)
        assert list(status_of(store.folder).damaged) == [victim.relative_to(store.folder).as_posix()]
        (said,) = again(night, store, pack_folder)
        assert victim.name in said and "put aside into quarantine" in said
        assert (store.folder / "quarantine" / victim.parent.name / victim.name).exists()
        assert store.read().equals(whole) and store.read("predictive").equals(whole)
        for name, contents in tables.items():
            assert (store.folder / name).read_bytes() == contents
    tell(cases, f"{FUTURES * 2} runs in {len(store.parts())} parts")


def test_a_part_of_another_form_is_put_aside_though_its_checksum_fits(
    night: Any, store: Store, pack_folder: str
) -> None:
    whole = store.read()
    strange = pa.table({"run_id": ["plan-000001"], "value": [1.0]})
    part = write_checked(store.folder / "runs", "part", bytes_of(strange), ".parquet")
    write_checked(store.folder / "runs", "part", b"no parquet at all", ".parquet")
    said = again(night, store, pack_folder)
    assert sorted(line.partition("; ")[0].partition("damaged: ")[2] for line in said) == [
        "it is no Parquet file (ArrowInvalid)",
        "its columns are not those of a part",
    ]
    assert part.name in said[0] and not part.exists()
    assert store.read().equals(whole)


def test_a_part_that_is_missing_is_made_again(night: Any, store: Store, pack_folder: str) -> None:
    whole = store.read()
    gone = store.parts()[1]
    gone.unlink()
    (said,) = again(night, store, pack_folder)
    assert said == f"runs/{gone.name} is missing; runs that stand nowhere else are made again"
    assert store.read().equals(whole) and store.read("predictive").equals(whole)


def test_a_run_that_stands_in_two_parts_is_left_in_one(night: Any, store: Store, pack_folder: str) -> None:
    whole = store.read()
    one, two, *_ = store.parts()
    both = pa.concat_tables([read_part(one), read_part(two)]).unify_dictionaries()
    write_checked(store.folder / "runs", "part", bytes_of(both), ".parquet")
    assert len(store.read()) > len(whole)
    again(night, store, pack_folder)
    assert store.read().equals(whole) and store.read("predictive").equals(whole)


def copied(part: Path, _: Path) -> None:
    shutil.copyfile(part, part.with_name(part.name.replace("part-0000", "part-0009")))


def renamed(part: Path, _: Path) -> None:
    part.rename(part.with_name(part.name.replace("part-0000", "part-0009")))


def removed(part: Path, _: Path) -> None:
    part.unlink()


def cut(part: Path, _: Path) -> None:
    part.write_bytes(part.read_bytes()[:-20])


def replaced(part: Path, other: Path) -> None:
    part.unlink()
    shutil.copyfile(other, part.parent / other.name)


NOTICED: dict[Callable[[Path, Path], None], str] = {
    copied: "is a copy of",
    renamed: "is another name for",
    removed: "is missing",
    cut: "is damaged",
    replaced: "is newer than the tables, or of another experiment",
}


@pytest.mark.parametrize("kind", ["runs", "predictive"])
@pytest.mark.parametrize("spoil", NOTICED)
def test_whatever_is_done_to_any_part_is_noticed_and_mended(
    spoil: Callable[[Path, Path], None],
    kind: str,
    night: Any,
    store: Store,
    pack_folder: str,
    tmp_path: Path,
    soak: bool,
) -> None:
    whole, predicted = store.read(), store.read("predictive")
    tables = [(store.folder / name).read_bytes() for name in ("targets.csv", "indicators.csv")]
    worlds = night.worlds(pack_folder)
    options = ForecastOptions(runs=FUTURES, seed=2, out=tmp_path / "of another seed", workers=0)
    other = Store(night.make_forecast(worlds, night.fake.MODEL, options).folder).parts()[0]
    assert open_finished(store.folder).parts() == store.parts()
    for part in store.parts(kind)[: None if soak else 1]:
        spoil(part, other)
        named = " ".join(
            f"{one.file.relative_to(store.folder).as_posix()} {one.reason}" for one in damages(store)
        )
        assert f"{kind}/part-" in named and checksum_in(part) in named, "the part is named"
        with pytest.raises(InputError, match=rf"{NOTICED[spoil]}.*shaanxi-transfer resume"):
            read_all(store.folder)
        assert status_of(store.folder).damaged
        assert again(night, store, pack_folder)
        assert store.read().equals(whole) and store.read("predictive").equals(predicted)
        assert [(store.folder / name).read_bytes() for name in ("targets.csv", "indicators.csv")] == tables
        assert not list(damages(store))


def read_all(folder: Path) -> None:
    store = open_finished(folder)
    store.read(), store.read("predictive")


@pytest.mark.parametrize("table", ["targets.csv", "indicators.csv", "failures.csv"])
def test_a_table_that_was_changed_is_noticed_and_written_again(
    table: str, night: Any, store: Store, pack_folder: str
) -> None:
    file = store.folder / table
    before = file.read_bytes()
    file.write_bytes(before.replace(b",", b";", 1))
    for read in (Forecast.read, read_for_export, read_results):
        with pytest.raises(InputError, match=f"{table} was changed since it was written; allowed a finished"):
            read(store.folder)
    (said,) = again(night, store, pack_folder)
    assert said == f"{table} was changed since it was written; the tables are made again"
    assert file.read_bytes() == before


def test_runs_of_another_experiment_are_put_aside_also_while_nothing_is_listed(
    night: Any, store: Store, pack_folder: str, tmp_path: Path
) -> None:
    whole = store.read()
    worlds = night.worlds(pack_folder)
    options = ForecastOptions(runs=FUTURES, seed=2, out=tmp_path / "of another seed", workers=0)
    other = Store(night.make_forecast(worlds, night.fake.MODEL, options).folder).parts()[0]
    store.note(files=None)
    store.parts()[0].unlink()
    shutil.copyfile(other, store.folder / "runs" / other.name)
    (damage,) = (one for one in damages(store) if one.file.parent.name == "runs")
    assert damage.reason == "was made by another version of code or data, or for another experiment"
    assert f"runs/{other.name} {damage.reason}; put aside into quarantine" in " ".join(
        again(night, store, pack_folder)
    )
    assert store.read().equals(whole)


def entries(contents: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every way to an entry of a manifest, from the top to the leaves."""
    if way:
        yield way
    places = (
        contents if isinstance(contents, dict) else range(len(contents)) if isinstance(contents, list) else ()
    )
    for place in places:
        yield from entries(contents[place], (*way, place))


def test_any_entry_of_the_manifest_that_is_edited_or_taken_out_is_noticed(store: Store) -> None:
    file = store.folder / "manifest.json"
    written = file.read_text(encoding="utf-8")
    ways = list(entries(json.loads(written)))
    assert len(ways) > 60
    for way in ways:
        for edit in ("changed", "taken out"):
            contents = json.loads(written)
            holder = contents
            for place in way[:-1]:
                holder = holder[place]
            if edit == "changed":
                value = holder[way[-1]]
                holder[way[-1]] = value + 1 if type(value) in (int, float) else "edited"
            else:
                del holder[way[-1]]
            file.write_text(json.dumps(contents), encoding="utf-8")
            with pytest.raises(InputError, match=r"was changed, added or taken out|holds no experiment"):
                open_finished(store.folder)
    file.write_text(json.dumps({**json.loads(written), "note": "mine"}), encoding="utf-8")
    with pytest.raises(InputError, match="was changed, added"):
        status_of(store.folder)


def test_damage_is_told_without_a_progress_function_too(night: Any, store: Store, pack_folder: str) -> None:
    store.parts()[0].write_bytes(b"")
    with pytest.warns(UserWarning, match="damaged.*put aside"):
        night.forecast(store.folder, pack_folder, FUTURES, 0)


def test_what_a_killed_process_was_writing_is_no_part(store: Store) -> None:
    half = store.folder / "runs" / ".part-000009-0123456789abcdef.parquet.12345678.writing"
    half.write_bytes(b"PAR1")
    assert half not in store.parts() and not list(damages(store))
