from __future__ import annotations

import errno
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import SurroundingsError
from shaanxi_transfer.engine.rule_cache import CACHE_VARIABLE, Place
from shaanxi_transfer.reports.commands import doctor


def test_a_package_too_old_or_missing_gets_a_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "requires", lambda _: ["numpy<1", "no-such-package-here>=2", "numba>=0.1"])
    found = {finding.what: finding for finding in doctor._examine_packages()}
    assert found["numpy"].mend == "pip install 'numpy<1'"
    assert found["no-such-package-here"].found == "missing"
    assert found["numba"].mend == ""


def test_a_folder_that_cannot_be_written_gets_a_mend(tmp_path: Path) -> None:
    assert doctor._writing("results", tmp_path, "use --out", "fine").mend == ""
    amiss = doctor._writing("results", tmp_path / "absent", "use --out", "fine")
    assert amiss.mend.endswith(": use --out")


def test_an_examination_that_breaks_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def _examine_badly() -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(doctor, "EXAMINATIONS", (_examine_badly, doctor._examine_python))
    first, second = doctor.examine()
    assert first.what == "badly"
    assert "boom" in first.found
    assert first.mend
    assert (second.what, second.mend) == ("python", "")


def test_little_memory_asks_for_fewer_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "free_memory", lambda: 0.8e9)
    monkeypatch.setattr("shaanxi_transfer.experiments.running.process_context.usable_cores", lambda: 8)
    found = {finding.what: finding for finding in doctor._examine_machine()}
    assert found["memory"].mend == "use --workers 1"


def test_a_switched_off_compiler_is_amiss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    (finding,) = doctor._examine_compiler()
    assert "NUMBA_DISABLE_JIT" in finding.mend


FAULTS = [
    (OSError(errno.EROFS, "Read-only file system", "there"), "choose a place that can be written"),
    (
        OSError(errno.ENOSPC, "No space left on device", "there"),
        "free some space there, or choose another place",
    ),
    (SurroundingsError("starting: /dev/shm: full; free it"), "free it"),
    (ModuleNotFoundError("No module named 'duckdb'", name="duckdb"), "pip install --force-reinstall duckdb"),
    (TimeoutError(), "end other programs, or make the runs with --workers 0"),
    (ZeroDivisionError("x"), "install the package again"),
]


@pytest.mark.parametrize(("fault", "mend"), FAULTS, ids=[type(fault).__name__ for fault, _ in FAULTS])
def test_each_fault_of_the_surroundings_has_its_own_advice(
    fault: Exception, mend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def _examine_that() -> Iterator[doctor.Finding]:
        raise fault

    monkeypatch.setattr(doctor, "EXAMINATIONS", (_examine_that,))
    (finding,) = doctor.examine()
    assert (finding.what, finding.mend) == ("that", mend)


def test_one_worker_one_lock_one_rule_and_one_figure_are_started() -> None:
    found = {
        finding.what: finding
        for examination in (doctor._examine_workers, doctor._examine_compiler, doctor._examine_figure)
        for finding in examination()
    }
    assert {"worker process", "lock between processes", "compiler", "figure"} <= set(found)
    assert not [finding for finding in found.values() if finding.mend]


def test_shared_memory_that_is_full_is_named_before_a_disk_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("multiprocessing.context.BaseContext.RLock", full)
    monkeypatch.setattr(doctor, "EXAMINATIONS", (doctor._examine_workers,))
    (finding,) = doctor.examine()
    assert "starting worker processes" in finding.found
    assert "kB needed" in finding.found
    assert "--workers 0" in finding.mend


def test_rules_are_counted_for_this_code_and_the_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("shaanxi_transfer.engine.compiling.rules_to_compile", lambda: 166)
    monkeypatch.setattr("shaanxi_transfer.engine.compiling.rules_known", lambda: 177)
    (finding,) = doctor._examine_rules()
    assert (
        "11 of 177 compiled for this code, Python and processor, the others take about 42 s" in finding.found
    )
    assert CACHE_VARIABLE in finding.found
    remark = "compiled rules cannot be kept in x; set y"
    place = Place(None, remark)
    monkeypatch.setattr("shaanxi_transfer.engine.rule_cache.place_of_rules", lambda: place)
    (finding,) = doctor._examine_rules()
    assert finding.mend == "set y"
