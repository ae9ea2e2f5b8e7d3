"""What is adopted, and what is refused."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtest import SCORES
from shaanxi_transfer.experiments.forecasting.discrepancy import discrepancy_of
from shaanxi_transfer.experiments.keeping.provenance import hash_of_mechanisms
from shaanxi_transfer.scenarios.provinces.posterior import POSTERIORS
from shaanxi_transfer.studies.upkeep.adopt import ALONE, adopt, alone_of, main

REFERENCE = Path(__file__).resolve().parents[3] / "results" / "reference"


def copy_of_discrepancy(folder: Path) -> None:
    """Leave the committed discrepancy in a folder, as if it were of today's rules."""
    text = (POSTERIORS / "shaanxi" / "discrepancy.yaml").read_text(encoding="utf-8")
    today = re.sub('^rules: "[0-9a-f]{16}"$', f'rules: "{hash_of_mechanisms()}"', text, flags=re.MULTILINE)
    (folder / "discrepancy.yaml").write_text(today, encoding="utf-8", newline="\n")


def test_the_committed_posterior_is_of_these_rules(tmp_path: Path) -> None:
    fit = tmp_path / "fit"
    fit.mkdir()
    for name in ("posterior.csv", "posterior.yaml", "world.csv", "fingerprint.csv"):
        shutil.copy(POSTERIORS / "shaanxi" / name, fit)
    written = adopt(fit, "shaanxi", tmp_path / "beside", tmp_path / "tables")
    assert {path.name for path in written} >= {"posterior.csv", "posterior.yaml"}
    for path in written:
        assert path.read_bytes() == (POSTERIORS / "shaanxi" / path.name).read_bytes()


def test_a_posterior_of_other_rules_is_not_adopted(tmp_path: Path) -> None:
    for name in ("posterior.csv", "posterior.yaml", "world.csv"):
        text = (POSTERIORS / "shaanxi" / name).read_text(encoding="utf-8")
        lines = [f'rules: "{"0" * 16}"' if line.startswith("rules:") else line for line in text.splitlines()]
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="rules changed"):
        adopt(tmp_path, "shaanxi", tmp_path / "beside", tmp_path / "tables")
    assert not (tmp_path / "beside").exists()
    with pytest.raises(InputError, match="nothing to adopt"):
        adopt(tmp_path / "tables", "shaanxi", tmp_path / "beside", tmp_path / "tables")


@pytest.mark.house
def test_a_backtest_leaves_its_discrepancy_in_both_places(tmp_path: Path) -> None:
    backtest, tables = tmp_path / "backtest", tmp_path / "tables"
    backtest.mkdir()
    copy_of_discrepancy(backtest)
    assert adopt(backtest, "hubei", tmp_path / "beside", tables) == [tmp_path / "beside" / "discrepancy.yaml"]
    assert alone_of("hubei", tables) is None, "without scores it is not of a backtest of one province"
    shutil.copy(REFERENCE / "backtest_shaanxi.csv", backtest / SCORES)
    written = adopt(backtest, "hubei", tmp_path / "beside", tables)
    assert tables / ALONE.format("hubei") in written
    assert alone_of("hubei", tables) == discrepancy_of(backtest)


def test_the_folders_of_provinces_are_adopted_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, beside = tmp_path / "across", tmp_path / "posteriors"
    for province in ("shaanxi", "anhui"):
        (source / province).mkdir(parents=True)
        copy_of_discrepancy(source / province)
    (source / "gansu").mkdir()
    monkeypatch.setattr("shaanxi_transfer.scenarios.provinces.posterior.POSTERIORS", beside)
    looked_at: list[str] = []

    def look(folder: Path, province: str) -> Path:
        looked_at.append(province)
        return folder / "fingerprint.csv"

    monkeypatch.setattr("shaanxi_transfer.studies.upkeep.adopt.write_fingerprint", look)
    assert main([str(source), "--each", "--out", str(tmp_path / "tables")]) == 0
    assert sorted(folder.name for folder in beside.iterdir()) == looked_at == ["anhui", "shaanxi"]
    assert main([str(source / "gansu"), "--each"]) == 2
    assert "holds no province to adopt" in capsys.readouterr().err
