"""The table of licences: every library that a run needs is in it, and goes with MIT-licensed code."""

from __future__ import annotations

import csv
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.upkeep.licences import COLUMNS, PACKAGE, foreign_parts, licence_of, needed

REPOSITORY = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.house


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, str]]:
    with (REPOSITORY / "docs/licences.csv").open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert tuple(found[0]) == COLUMNS
    return {row["package"]: row for row in found}


def test_every_library_that_a_run_needs_is_there_and_goes_with_mit(rows: dict[str, dict[str, str]]) -> None:
    with (REPOSITORY / "pyproject.toml").open("rb") as stream:
        direct = {
            str(canonicalize_name(Requirement(one).name))
            for one in tomllib.load(stream)["project"]["dependencies"]
        }
    found = needed()
    assert direct <= found and len(found) > len(direct)
    assert {name for name in found if rows.get(name, {}).get("needed_for") != "run"} == set()
    assert {name: rows[name]["licence"] for name in found if foreign_parts(rows[name]["licence"])} == {}


def test_what_does_not_go_with_mit_is_named_apart_and_needed_by_no_run(
    rows: dict[str, dict[str, str]],
) -> None:
    foreign = {name for name, row in rows.items() if foreign_parts(row["licence"])}
    assert foreign == {name for name, row in rows.items() if row["named_apart"]}
    assert foreign == {"iterative-ensemble-smoother", "platypus-opt", "rdrobust"}
    assert not [name for name in foreign if "run" in rows[name]["needed_for"].split(", ")]


def test_the_table_says_what_is_installed(rows: dict[str, dict[str, str]]) -> None:
    for name in needed(extras=["dev"]):
        assert rows[name]["licence"] == licence_of(name), name
    pinned = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    versions = {
        str(canonicalize_name(name)): version
        for name, _, version in (line.partition("==") for line in pinned if "==" in line)
    }
    assert {name: row["version"] for name, row in rows.items() if versions.get(name) != row["version"]} == {}


def test_a_package_that_is_not_here_is_named() -> None:
    with pytest.raises(InputError, match="no-such-package: the package is not installed"):
        needed("no-such-package")


def test_the_licence_of_the_font_goes_with_the_package() -> None:
    about = metadata.metadata(PACKAGE)
    assert about["License-Expression"] == "MIT AND OFL-1.1"
    assert set(about.get_all("License-File") or []) == {"LICENSE", "reports/fonts/OFL.txt"}
