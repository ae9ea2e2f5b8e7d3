"""The command ``doctor``: does this machine have what a forecast needs, and if not, what to do."""

from __future__ import annotations

import io
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final, NamedTuple

from ...engine.errors import SurroundingsError
from ...engine.surroundings import advice
from .. import places
from ..words.phrases import Language, check_language, say
from ..words.translated import translated
from .options import Form, Lang, check_format

PACKAGE: Final = "shaanxi-transfer"
OLDEST_PYTHON: Final = (3, 11)
MEMORY_PER_WORKER: Final = 0.7e9
"""Bytes: the libraries and one province of every firm."""
DISK_NEEDED: Final = 1e9
SECONDS_TO_START: Final = 60.0


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
            yield _amiss(examination.__name__.removeprefix("_examine_"), error)


def _amiss(what: str, error: Exception) -> Finding:
    """Give what broke an examination the advice that suits it: the machine, a library, or we are to blame."""
    found = f"{type(error).__name__}: {error}"
    if isinstance(error, SurroundingsError):
        found, _, mend = str(error).rpartition("; ")
    elif isinstance(error, TimeoutError):  # an OSError as well
        mend = "end other programs, or make the runs with --workers 0"
    elif isinstance(error, OSError):
        mend = advice(error)
    elif isinstance(error, ImportError):
        mend = f"pip install --force-reinstall {(error.name or PACKAGE).partition('.')[0]}"
    else:
        mend = "install the package again"
    return Finding(what, found, mend)


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

    from ...engine.rules import compiled_apart

    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        yield Finding("compiler", "switched off", "unset NUMBA_DISABLE_JIT: runs are about 100 times slower")
        return
    compiled = compiled_apart(_one_more)
    mend = "" if compiled(1) == 2 else "install numba and llvmlite again"
    yield Finding("compiler", f"numba {numba.__version__} compiles a rule", mend)


def _one_more(x: int) -> int:
    return x + 1


def _examine_rules() -> Iterator[Finding]:
    """Count the rules of this code that are compiled for this Python and this processor."""
    from ...engine.compiling import rules_known, rules_to_compile, seconds_to_compile
    from ...engine.rule_cache import CACHE_VARIABLE, place_of_rules
    from ...model import running  # noqa: F401  (imports every rule)

    rules, left, place = rules_known(), rules_to_compile(), place_of_rules()
    state = f"{rules - left} of {rules} compiled for this code, Python and processor"
    if left:
        state += f", the others take about {seconds_to_compile(left)} s at the first run"
    amiss, _, mend = place.remark.rpartition("; ")
    yield Finding(
        "compiled rules", f"{state}; {amiss or f'in {place.folder} ({CACHE_VARIABLE} moves it)'}", mend
    )


def _examine_workers() -> Iterator[Finding]:
    """Start what a batch starts: a lock between processes, and a worker process."""
    import pebble

    from ...experiments.running.process_context import WorkerContext

    context = WorkerContext()
    with context.starting(), context.RLock():
        yield Finding("lock between processes", "works")
    with context.starting():
        pool = pebble.ProcessPool(max_workers=1, context=context)
        try:
            process = pool.schedule(os.getpid).result(timeout=SECONDS_TO_START)
        finally:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()
    yield Finding("worker process", f"process {process} started and ended")


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


def _examine_figure() -> Iterator[Finding]:
    """Draw one figure in the house style, with Chinese words."""
    from ..figures.theme import FONT_FILE, figure_style, register_font

    yield Finding("font", f"{register_font()}, {FONT_FILE.stat().st_size / 1e6:.1f} MB")
    with figure_style():
        from matplotlib.figure import Figure

        figure, drawn = Figure(), io.BytesIO()
        figure.suptitle("技术合同成交额")
        figure.savefig(drawn, format="png")
    yield Finding("figure", f"drawn, {len(drawn.getvalue()) / 1e3:.0f} kB")


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
        return Finding(what, f"{folder}: {error.strerror or error}", f"{advice(error)}: {mend}")
    return Finding(what, f"{folder}: {state}")


EXAMINATIONS: Final[tuple[Callable[[], Iterator[Finding]], ...]] = (
    _examine_python,
    _examine_packages,
    _examine_compiler,
    _examine_rules,
    _examine_workers,
    _examine_machine,
    _examine_figure,
    _examine_packs,
    _examine_writing,
)


def _told(finding: Finding, form: str, language: Language) -> Iterable[str]:
    """Give a finding for a person in words; as CSV it is as it is."""
    return finding if form == "csv" else [translated(text, language) for text in finding]


def doctor_command(form: Form = "table", lang: Lang = None) -> int:
    """Examine this machine and say what to do; exit code 1 if something is amiss."""
    from ..tables.print_rows import print_rows

    check_format(form)
    language = check_language(lang)
    findings = list(examine())
    states = {True: say("lists.amiss", language), False: say("lists.in_order", language)}
    heads = {"state": "", "examined": "what", "found": "found", "what_to_do": "what to do"}
    print_rows(
        [heads[head] if form == "csv" else say(f"lists.{head}", language) for head in heads],
        [(states[bool(finding.mend)], *_told(finding, form, language)) for finding in findings],
        form,
        for_excel=language == "zh",
    )
    return 1 if any(finding.mend for finding in findings) else 0
