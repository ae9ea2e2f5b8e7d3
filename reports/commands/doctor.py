"""The command ``doctor``: does this machine have what a forecast needs, and if not, what to do."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer

from .. import places

PACKAGE: Final = "shaanxi-transfer"
OLDEST_PYTHON: Final = (3, 11)
MEMORY_PER_WORKER: Final = 0.7e9
"""Bytes: the libraries and one province of every firm."""
DISK_NEEDED: Final = 1e9


class Finding(NamedTuple):
    """What one examination found; ``mend`` says what to do, and is empty if all is well."""

    what: str
    found: str
    mend: str = ""


def examine() -> Iterator[Finding]:
    """Make every examination; one that breaks is itself a finding, and the rest goes on."""
    for examination in EXAMINATIONS:
        try:
            yield from examination()
        except Exception as error:
            name = examination.__name__.removeprefix("_examine_")
            yield Finding(name, f"{type(error).__name__}: {error}", "install the package again")


def _examine_python() -> Iterator[Finding]:
    version = platform.python_version()
    mend = "" if sys.version_info >= OLDEST_PYTHON else "install Python 3.11 or later"
    yield Finding("python", f"{version}, {platform.system()} {platform.machine()}", mend)


def _examine_packages() -> Iterator[Finding]:
    """Compare what is installed with what the package asks for, and with the versions it was tested with."""
    from packaging.requirements import Requirement

    tested = tested_versions()
    for text in metadata.requires(PACKAGE) or []:
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        name = requirement.name
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Finding(name, "missing", f"pip install '{requirement.name}{requirement.specifier}'")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            yield Finding(name, version, f"pip install '{requirement.name}{requirement.specifier}'")
        elif (known := tested.get(name.lower())) is not None and known != version:
            yield Finding(name, f"{version} (tested with {known}; digits may differ)")
        else:
            yield Finding(name, version)


def tested_versions() -> dict[str, str]:
    """Read ``constraints.txt`` where it stands beside the package (a checkout, not a wheel).

    Returns
    -------
    dict of str to str
        Version by name in small letters; empty if there is no such file.
    """
    file = places.PACKAGE / "constraints.txt"
    if not file.is_file():
        return {}
    lines = (
        line.partition("#")[0].partition(";")[0].strip() for line in file.read_text("utf-8").splitlines()
    )
    pairs = (line.split("==") for line in lines if "==" in line)
    return {name.strip().lower(): version.strip() for name, version in pairs}


def _examine_compiler() -> Iterator[Finding]:
    import numba

    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        yield Finding("compiler", "switched off", "unset NUMBA_DISABLE_JIT: runs are about 100 times slower")
        return
    compiled = numba.njit(lambda x: x + 1)
    mend = "" if compiled(1) == 2 else "install numba and llvmlite again"
    yield Finding("compiler", f"numba {numba.__version__} compiles", mend)


def _examine_cache() -> Iterator[Finding]:
    from ...engine.rules import CACHE_VARIABLE, cache_folder, compiled_already

    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    state = "rules compiled" if compiled_already() else "rules not compiled yet, about 40 s at the first run"
    yield _writing("compiled rules", folder, f"set {CACHE_VARIABLE} to a folder that can be written", state)


def _examine_machine() -> Iterator[Finding]:
    from ...experiments.running.process_context import usable_cores

    cores = usable_cores()
    yield Finding("cores", f"{cores} usable of {os.cpu_count()}")
    memory = free_memory()
    if memory is None:
        yield Finding("memory", "not known on this system")
    else:
        fits = max(1, int(memory // MEMORY_PER_WORKER))
        mend = f"use --workers {fits}" if fits < cores else ""
        yield Finding("memory", f"{memory / 1e9:.1f} GB free", mend)


def free_memory() -> float | None:
    """Give the bytes of memory that are free, or None where the system does not say."""
    try:
        pages = os.sysconf("SC_AVPHYS_PAGES") if hasattr(os, "sysconf") else None
        file = Path("/proc/meminfo")
        if file.is_file():  # counts what the system would give back as free
            for line in file.read_text().splitlines():
                if line.startswith("MemAvailable:"):
                    return float(line.split()[1]) * 1024
        return None if pages is None else float(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


def _examine_font() -> Iterator[Finding]:
    from ..figures.theme import FONT_FILE, register_font

    yield Finding("font", f"{register_font()}, {FONT_FILE.stat().st_size / 1e6:.1f} MB")


def _examine_packs() -> Iterator[Finding]:
    from ...engine.errors import InputError
    from ...scenarios import list_provinces, list_scenarios, load, load_pack

    packs = 0
    for province in list_provinces():
        try:
            load_pack(province)
            packs += 1
        except InputError as error:
            yield Finding(f"pack {province}", str(error), "install the package again, or mend the file")
    yield Finding("packs of provinces", f"{packs} in order", "" if packs else "install the package again")
    for name in list_scenarios():
        try:
            load(name)
            yield Finding(f"scenario {name}", "in order")
        except InputError as error:
            yield Finding(f"scenario {name}", str(error), "install the package again, or mend the file")


def _examine_writing() -> Iterator[Finding]:
    here = Path.cwd()
    free = shutil.disk_usage(here).free
    mend = "" if free >= DISK_NEEDED else "free some disk, or choose another place with --out"
    yield Finding("disk", f"{free / 1e9:.1f} GB free in {here}", mend)
    yield _writing(
        "results", here, "change into a folder that can be written, or use --out", "can be written"
    )
    yield _writing("temporary files", Path(tempfile.gettempdir()), "set TMPDIR", "can be written")


def _writing(what: str, folder: Path, mend: str, state: str) -> Finding:
    """Try to write in a folder, for being allowed to is not the same."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"0" * 4096)
    except OSError as error:
        return Finding(what, f"{folder}: {error.strerror or error}", mend)
    return Finding(what, f"{folder}: {state}")


EXAMINATIONS: Final[tuple[Callable[[], Iterator[Finding]], ...]] = (
    _examine_python,
    _examine_packages,
    _examine_compiler,
    _examine_cache,
    _examine_machine,
    _examine_font,
    _examine_packs,
    _examine_writing,
)


def doctor_command(
    form: Annotated[str, typer.Option("--format", help="table or csv.")] = "table",
) -> int:
    """Examine this machine and say what to do; exit code 1 if something is amiss."""
    from ..tables.print_rows import print_rows
    from .options import check_format

    check_format(form)
    findings = list(examine())
    print_rows(
        ["", "what", "found", "what to do"],
        [("amiss" if finding.mend else "ok", *finding) for finding in findings],
        form,
    )
    return 1 if any(finding.mend for finding in findings) else 0
