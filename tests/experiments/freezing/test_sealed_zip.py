"""The archive of a frozen forecast: equal contents are equal bytes, and no byte changes unnoticed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.freezing.sealed_zip import (
    SUMS,
    bytes_of_archive,
    read_archive,
    write_archive,
)
from shaanxi_transfer.experiments.planning.checks import check_new_file

MEMBERS = {"manifest.json": b'{"a": 1}\n', "draws.parquet": bytes(range(40))}


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    checksum = write_archive(tmp_path / "a.zip", MEMBERS)
    assert read_archive(tmp_path / "a.zip") == (MEMBERS, checksum)
    assert [file.name for file in tmp_path.iterdir()] == ["a.zip"]


def test_the_checksum_is_that_of_all_bytes_before_it() -> None:
    contents = bytes_of_archive(MEMBERS)
    assert contents[-64:].decode() == hashlib.sha256(contents[:-64]).hexdigest()


def test_bytes_depend_on_the_members_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contents = bytes_of_archive(MEMBERS)
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert bytes_of_archive(dict(MEMBERS)) == contents
    assert bytes_of_archive({**MEMBERS, "manifest.json": b'{"a": 2}\n'}) != contents


def test_any_zip_program_opens_it_and_the_sums_hold() -> None:
    with zipfile.ZipFile(io.BytesIO(bytes_of_archive(MEMBERS))) as archive:
        assert archive.testzip() is None
        lines = [line.split("  ") for line in archive.read(SUMS).decode().splitlines()]
    sums = {name: found for found, name in lines}
    assert sums == {name: hashlib.sha256(contents).hexdigest() for name, contents in MEMBERS.items()}


def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    contents = bytes_of_archive(MEMBERS)
    file = tmp_path / "a.zip"
    for place in range(len(contents)):
        changed = bytearray(contents)
        changed[place] ^= 1 << place % 8
        file.write_bytes(changed)
        with pytest.raises(InputError):
            read_archive(file)


@pytest.mark.parametrize("kept", [0, 10, 63, 64, 500, -1])
def test_what_was_cut_off_is_noticed(tmp_path: Path, kept: int) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(bytes_of_archive(MEMBERS)[:kept])
    with pytest.raises(InputError, match="frozen"):
        read_archive(file)


def test_what_was_added_or_packed_again_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(bytes_of_archive(MEMBERS) + b"\n")
    with pytest.raises(InputError, match=r"no frozen forecast|changed after"):
        read_archive(file)
    with zipfile.ZipFile(file, "w") as archive:
        for name, contents in MEMBERS.items():
            archive.writestr(name, contents)
    with pytest.raises(InputError, match="no frozen forecast"):
        read_archive(file)


def test_a_change_is_told_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    contents = bytearray(bytes_of_archive(MEMBERS))
    contents[200] ^= 1
    file.write_bytes(contents)
    with pytest.raises(InputError, match="changed after it was frozen") as refused:
        read_archive(file)
    assert refused.value.file == str(file)


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(b"mine")
    with pytest.raises(InputError, match="never overwritten"):
        write_archive(file, MEMBERS)
    assert file.read_bytes() == b"mine"


def test_a_name_of_another_kind_is_refused_with_the_right_one() -> None:
    with pytest.raises(InputError, match=r"did you mean mine\.zip"):
        check_new_file(Path("mine.parquet"))


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_archive(tmp_path / "none.zip")
