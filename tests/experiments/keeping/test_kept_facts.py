"""What was asked for is read as it was written, or refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.keeping.kept_facts import facts_in, write_facts


@pytest.mark.parametrize("contents", [b"", b'{"seed": 1', bytes(20), b"[1]", b'{"name": "\xe9'])
def test_facts_come_back_or_are_refused(tmp_path: Path, contents: bytes) -> None:
    file = tmp_path / "fits.json"
    write_facts(file, {"seed": 1, "name": "陕西"})
    assert facts_in(file) == {"seed": 1, "name": "陕西"}
    file.write_bytes(contents)
    with pytest.raises(InputError, match=r"fits.json: the file is damaged.*the first command again"):
        facts_in(file)
