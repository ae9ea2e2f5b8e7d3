"""Folders and files that cannot be written are refused before any run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.planning.checks import check_file, check_folder


@pytest.mark.skipif(os.name != "posix", reason="links need leave on Windows")
@pytest.mark.parametrize("to", ["b", "nowhere"], ids=["a loop", "to nothing"])
@pytest.mark.parametrize("below", ["", "x/y"])
def test_a_link_that_leads_nowhere_is_refused_as_a_folder(to: str, below: str, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(to)
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(InputError, match=rf"^out: .*{tmp_path / 'a'} is a link that leads nowhere"):
        check_folder(tmp_path / "a" / below)
    with pytest.raises(InputError, match="is a link that leads nowhere"):
        check_file(tmp_path / "a" / below / "x.csv", [".csv"])


@pytest.mark.skipif(os.name != "posix", reason="links need leave on Windows")
def test_a_link_to_a_folder_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "a").symlink_to("there")
    assert check_folder(tmp_path / "a" / "new") == tmp_path / "a" / "new"
