"""What is damaged in a store is found, put aside and made again; it is never analysed."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping.atomic_files import write_checked
from shaanxi_transfer.experiments.keeping.damaged_parts import damages
from shaanxi_transfer.experiments.keeping.parquet_parts import bytes_of, read_part
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.status import status_of

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
    assert sorted(line.partition("; ")[0].partition(": ")[2] for line in said) == [
        "it is no Parquet file (ArrowInvalid)",
        "its columns are not those of a part",
    ]
    assert part.name in said[0] and not part.exists()
    assert store.read().equals(whole)


def test_a_part_that_is_missing_is_made_again(night: Any, store: Store, pack_folder: str) -> None:
    whole = store.read()
    store.parts()[1].unlink()
    assert again(night, store, pack_folder) == []
    assert store.read().equals(whole) and store.read("predictive").equals(whole)


def test_a_run_that_stands_in_two_parts_is_left_in_one(night: Any, store: Store, pack_folder: str) -> None:
    whole = store.read()
    one, two, *_ = store.parts()
    both = pa.concat_tables([read_part(one), read_part(two)]).unify_dictionaries()
    write_checked(store.folder / "runs", "part", bytes_of(both), ".parquet")
    assert len(store.read()) > len(whole)
    again(night, store, pack_folder)
    assert store.read().equals(whole) and store.read("predictive").equals(whole)


def test_damage_is_told_without_a_progress_function_too(night: Any, store: Store, pack_folder: str) -> None:
    store.parts()[0].write_bytes(b"")
    with pytest.warns(UserWarning, match="damaged.*put aside"):
        night.forecast(store.folder, pack_folder, FUTURES, 0)


def test_what_a_killed_process_was_writing_is_no_part(store: Store) -> None:
    half = store.folder / "runs" / ".part-000009-0123456789abcdef.parquet.12345678.writing"
    half.write_bytes(b"PAR1")
    assert half not in store.parts() and not list(damages(store))
