from __future__ import annotations

import errno
import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shaanxi_transfer.engine import surroundings
from shaanxi_transfer.engine.errors import SurroundingsError


def test_what_the_system_refused_is_said_with_step_place_and_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surroundings, "free_bytes", lambda place: 4096)
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(SurroundingsError) as refused, surroundings.during("starting", tmp_path, 65_536):
        raise full
    assert str(refused.value) == (
        f"starting: {tmp_path}: No space left on device; 66 kB needed, 4 kB free;"
        " free some space there, or choose another place"
    )


def test_a_place_that_the_error_names_counts_more_and_one_that_is_not_known_is_not_made_up() -> None:
    named = OSError(errno.EACCES, "Permission denied", "there")
    assert surroundings.said(named, "writing", "here").startswith("writing: there: Permission denied; choose")
    nameless = surroundings.said(OSError(errno.ENOSPC, "No space left on device"), "levers")
    assert nameless.startswith("levers: No space left on device; the system does not say where")
    assert "free" not in nameless


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EMFILE, errno.ENOMEM, errno.ELOOP])
def test_each_fault_has_advice_of_its_own(number: int) -> None:
    others = {surroundings.advice(OSError(other, "x")) for other in (errno.EROFS, errno.EIO, errno.EAGAIN)}
    assert surroundings.advice(OSError(number, "x")) not in others


_PRINTING = """
import sys
from shaanxi_transfer.engine.surroundings import stand_in_for_streams
stand_in_for_streams()
with open("data", "w") as file:
    file.write("whole")
    for stream in (sys.stdout, sys.stderr):
        print("printed", file=stream, flush=True)
    sys.stdin.read()
    import os
    os.system("echo child; echo child >&2")
"""
CLOSED = [chosen for size in (1, 2, 3) for chosen in itertools.combinations(("<&-", ">&-", "2>&-"), size)]


@pytest.mark.skipif(os.name != "posix", reason="a shell closes the streams")
@pytest.mark.parametrize("closed", CLOSED, ids=" ".join)
def test_nothing_is_printed_into_a_file_where_a_stream_is_closed(
    closed: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "print.py").write_text(_PRINTING, encoding="utf-8")
    command = f'exec "{sys.executable}" print.py {" ".join(closed)}'
    ended = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, capture_output=True, stdin=subprocess.DEVNULL, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "data").read_text() == "whole"
