from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

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
    assert amiss.mend == "use --out"


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
