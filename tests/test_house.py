"""The rules of the house: what stands where, what may import what, what is shipped."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

import shaanxi_transfer

pytestmark = pytest.mark.house

REPOSITORY = Path(__file__).resolve().parent.parent
SHIPPED = ("agents", "engine", "experiments", "model", "reports", "scenarios")
ROOMS = (*SHIPPED, "studies")
WORDS = "words"
NOT_CODE = ("benchmarks", "docs", "notebooks", "packaging", "results", "tests", "typings")
MOST_LINES = 400

# A file that has to be longer stands here with the reason beside it.
LONGER: dict[str, str] = {}

CODE = sorted(file for room in ROOMS for file in (REPOSITORY / room).rglob("*.py"))
TESTS = sorted((REPOSITORY / "tests").rglob("*.py"))


def _short(file: Path) -> str:
    return file.relative_to(REPOSITORY).as_posix()


def _configuration() -> dict[str, Any]:
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def _files_of_git() -> tuple[str, ...]:
    """List what git holds, and what it would hold if all were added."""
    if not (REPOSITORY / ".git").exists():
        pytest.skip("not a git checkout, so there is nothing to compare with")
    listed = subprocess.run(
        ["git", "-c", "core.quotepath=off", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    ).stdout.decode("utf-8")
    return tuple(sorted({name for name in listed.split("\0") if name and (REPOSITORY / name).exists()}))


# ---- what stands where -----------------------------------------------------------


def test_file_does_one_job_in_few_lines() -> None:
    lines = {_short(file): file.read_text(encoding="utf-8").count("\n") for file in CODE}
    longer = {name for name, number in lines.items() if number > MOST_LINES}
    assert longer == set(LONGER), "is one of them doing two jobs? or is the list stale?"


def test_nothing_but_the_face_of_the_package_at_the_root() -> None:
    assert [file.name for file in REPOSITORY.glob("*.py")] == ["__init__.py"]


def test_wings_are_flat_and_have_a_face() -> None:
    deep = [_short(file) for file in CODE if len(file.relative_to(REPOSITORY).parts) > 3]
    assert deep == [], "a room has wings, and a wing has files"
    faceless = {file.parent for file in CODE if not (file.parent / "__init__.py").is_file()}
    assert faceless == set()


def test_every_folder_of_code_is_a_room() -> None:
    folders = {Path(name).parts[0] for name in _files_of_git() if name.endswith(".py") and "/" in name}
    assert folders <= {*ROOMS, *NOT_CODE}


def test_every_folder_with_code_is_in_the_wheel_but_studies() -> None:
    folders = {file.parent.relative_to(REPOSITORY).parts for file in CODE}
    listed = _configuration()["tool"]["setuptools"]["packages"]
    assert len(listed) == len(set(listed))
    wanted = {".".join(("shaanxi_transfer", *parts)) for parts in folders if parts[0] in SHIPPED}
    assert set(listed) == {"shaanxi_transfer"} | wanted


def test_checkers_see_every_room_under_its_name() -> None:
    seen = REPOSITORY / "typings" / "shaanxi_transfer"
    for name in (*ROOMS, "__init__.py", "py.typed"):
        # A checkout without symbolic links holds the path as text instead.
        target = (seen / name).readlink() if (seen / name).is_symlink() else (seen / name).read_text("utf-8")
        assert Path(target).as_posix() == f"../../{name}"


def test_tests_mirror_the_rooms_and_their_wings() -> None:
    of_tests = {file.parent.relative_to(REPOSITORY / "tests").parts for file in TESTS}
    code = [*CODE, *(REPOSITORY / "benchmarks").glob("*.py")]
    assert of_tests - {()} <= {file.parent.relative_to(REPOSITORY).parts for file in code}


def test_nothing_but_studies_and_their_tests_imports_a_study() -> None:
    guilty = [
        _short(file)
        for file in (*CODE, *TESTS)
        if "studies" not in file.relative_to(REPOSITORY).parts
        and re.search(r"^\s*(from|import) [\w.]*\bstudies\b", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert guilty == []


# ---- who may import whom ---------------------------------------------------------


def test_arrows_run_one_way(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlinter.cli import lint_imports

    monkeypatch.chdir(REPOSITORY)
    code = lint_imports(config_filename=str(REPOSITORY / "pyproject.toml"), no_cache=True)
    assert code == 0, "run `make arrows` to see which import goes against the arrows"


@cache
def _imported(file: Path) -> set[str]:
    """Give the first words of all absolute imports of a file."""
    words: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            words |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            words.add(node.module.split(".")[0])
    return words


def test_no_room_is_imported_by_its_bare_name() -> None:
    bare = [_short(file) for file in (*CODE, *TESTS) if _imported(file) & set(ROOMS)]
    assert bare == [], "bare names collide with published packages; write shaanxi_transfer.<room>"


def test_rooms_import_each_other_relatively() -> None:
    assert [_short(file) for file in CODE if "shaanxi_transfer" in _imported(file)] == []


_OF_NO_RUN = {"SALib", "duckdb", "matplotlib", "networkx", "openpyxl", "rich", "scipy.spatial", "scipy.stats"}


# Who needs more for a public name says so here; how it is kept out: docs/decisions/0035-lazy-imports.md.
@pytest.mark.parametrize(
    ("asking", "unneeded"),
    [
        ("import shaanxi_transfer", {"mesa", "numba", "numpy", "pandas", "pyarrow", "pydantic", "scipy"}),
        ("from shaanxi_transfer import levers, load", {"mesa", "pandas", "pyarrow", "scipy.special"}),
        ("from shaanxi_transfer import Ecosystem, indicators, run", set()),
        ("from shaanxi_transfer import forecast", {"mesa", "typer"}),
        ("from shaanxi_transfer import score", {"mesa"}),
    ],
)
def test_import_loads_only_what_is_needed(asking: str, unneeded: set[str]) -> None:
    code = f"{asking}; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "shaanxi_transfer" in loaded
    assert not (_OF_NO_RUN | unneeded) & loaded


@pytest.mark.parametrize("name", shaanxi_transfer.__all__)
def test_public_name_can_be_loaded(name: str) -> None:
    assert getattr(shaanxi_transfer, name) is not None
    assert name in dir(shaanxi_transfer)


def test_unknown_public_name_is_an_attribute_error() -> None:
    name = "no_such_name"
    with pytest.raises(AttributeError, match=name):
        getattr(shaanxi_transfer, name)


# ---- what is written down once ---------------------------------------------------


def test_version_has_one_source() -> None:
    assert metadata.version("shaanxi-transfer") == shaanxi_transfer.__version__
    written = [
        name
        for name in _files_of_git()
        if name.endswith((".py", ".toml", ".cff", ".cfg"))
        and re.search(
            rf"^\s*_*version_*\s*[:=]\s*[\"']?{re.escape(shaanxi_transfer.__version__)}\b",
            (REPOSITORY / name).read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    ]
    # Links to the face of the package, and the citation, which cannot compute.
    assert set(written) - {"typings/shaanxi_transfer/__init__.py"} == {"__init__.py", "CITATION.cff"}


def test_readme_and_classifiers_name_the_same_pythons() -> None:
    project = _configuration()["project"]
    begin = "Programming Language :: Python :: "
    pythons = [one.removeprefix(begin) for one in project["classifiers"] if one.startswith(begin)]
    *others, last = pythons
    said = f"Python {', '.join(others)} or {last}"
    for page in ("README.md", project["readme"]):
        assert said in (REPOSITORY / page).read_text(encoding="utf-8"), page


def test_the_page_of_the_wheel_points_at_nothing_that_a_wheel_lacks() -> None:
    page = (REPOSITORY / _configuration()["project"]["readme"]).read_text(encoding="utf-8")
    assert re.findall(r"\]\((?!https?://)", page) == []


def test_changelog_knows_the_version() -> None:
    text = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{shaanxi_transfer.__version__}]" in text or "## [Unreleased]" in text


def test_each_dependency_has_its_reason_and_its_exact_version() -> None:
    project = _configuration()["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(need for extra in extras.values() for need in extra)]
    names = {re.split(r"[<>=~!\[; ]", need)[0].lower() for need in wanted}
    reasons = (REPOSITORY / "docs" / "decisions" / "0001-libraries.md").read_text(encoding="utf-8").lower()
    exact = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").lower().replace("_", "-")
    for name in names:
        assert f"`{name}`" in reasons, f"docs/decisions/0001-libraries.md does not say why {name} is needed"
        assert re.search(rf"^{re.escape(name)}==", exact, re.MULTILINE), f"constraints.txt lacks {name}"


def test_constraints_hold_versions_and_no_addresses() -> None:
    for line in (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+]+", line), line


# Folders of one machine, and hosts of package registries.
OF_ONE_MACHINE = re.compile(rb"(?<![\w./~$}\])-])/(?:home|root|work|tmp|Users|mnt|private)/[\w.]")
OF_A_REGISTRY = re.compile(rb"(?:py" + rb"pi\.org|python" + rb"hosted\.org|conda\.anaconda" + rb"\.org)")


def test_patterns_find_what_they_look_for() -> None:
    assert OF_ONE_MACHINE.search(b"see /" + b"home/somebody/file")
    assert OF_ONE_MACHINE.search(b'"/' + b'tmp/file"')
    assert not OF_ONE_MACHINE.search(b"https://example.org/" + b"work/page")
    assert OF_A_REGISTRY.search(b"https://py" + b"pi.org/simple")


def test_no_path_of_one_machine_and_no_registry_is_written_down() -> None:
    found = [
        f"{name}: {hit.group().decode()}"
        for name in _files_of_git()
        for pattern in (OF_ONE_MACHINE, OF_A_REGISTRY)
        if (REPOSITORY / name).is_file() and (hit := pattern.search((REPOSITORY / name).read_bytes()))
    ]
    assert found == []


# ---- what is shipped -------------------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel from the sdist, from a clean copy; give their folder."""
    source = tmp_path_factory.mktemp("source")
    for name in _files_of_git():
        copy = source / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if not (REPOSITORY / name).is_symlink():
            copy.write_bytes((REPOSITORY / name).read_bytes())
    shipped = tmp_path_factory.mktemp("shipped")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(shipped), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return shipped


@pytest.mark.slow
def test_wheel_holds_what_git_holds(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    face = ("__init__.py", "py.typed")
    kept = {name for name in _files_of_git() if name.split("/")[0] in (*SHIPPED, WORDS) or name in face}
    assert shipped == {f"shaanxi_transfer/{name}" for name in kept}


@pytest.mark.slow
def test_sdist_holds_what_git_holds(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        shipped = {name.partition("/")[2] for name in archive.getnames()}
    # Links and what concerns git alone stay behind.
    left_out = {name for name in _files_of_git() if name.startswith("typings/") or name == ".gitignore"}
    assert set(_files_of_git()) - left_out <= shipped
