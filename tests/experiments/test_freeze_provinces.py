"""All provinces frozen one after the other, on a channel of two lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.experiments.backtesting.rivals import RIVALS
from shaanxi_transfer.experiments.forecast import forecast
from shaanxi_transfer.experiments.freeze_provinces import (
    CHECKSUMS,
    FAILED,
    FROZEN,
    OTHER,
    SAME,
    freeze_provinces,
    main,
)
from shaanxi_transfer.experiments.freezing import rivals_of_frozen
from shaanxi_transfer.experiments.freezing.read_frozen import read_frozen
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.model.targets import TARGETS

VALUE = "contract_value_output"
PROVINCES = ("hubei", "shaanxi")
SETTINGS: dict[str, Any] = {"runs": 3, "workers": 0}


@pytest.fixture(autouse=True)
def quick(channel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    known: door_to_model.Model = channel.model()
    definitions = Definitions(known.definitions.indicators, {VALUE: TARGETS[VALUE]})
    monkeypatch.setattr(door_to_model, "model", lambda own=None: replace(known, definitions=definitions))
    monkeypatch.setattr(door_to_model, "rehearse", lambda world, own=None: None)
    monkeypatch.setattr(rivals_of_frozen, "RIVALS", {"last_growth": RIVALS["last_growth"]})


def states(folder: Path, provinces: Any = PROVINCES, **changes: Any) -> dict[str, str]:
    return {one.province: one.state for one in freeze_provinces(folder, provinces, **SETTINGS | changes)}


def test_each_province_is_frozen_once_and_its_runs_are_removed(tmp_path: Path) -> None:
    assert states(tmp_path) == dict.fromkeys(PROVINCES, FROZEN)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["hubei.zip", "shaanxi.zip"]
    before = {name: (tmp_path / f"{name}.zip").read_bytes() for name in PROVINCES}
    assert states(tmp_path) == dict.fromkeys(PROVINCES, SAME)
    assert {name: (tmp_path / f"{name}.zip").read_bytes() for name in PROVINCES} == before
    found = read_frozen(tmp_path / "hubei.zip")
    assert (found.province, found.judged, found.manifest["futures"]) == ("hubei", "no_plan", 3)


def test_the_file_is_that_of_the_command_that_stands_in_it(tmp_path: Path) -> None:
    states(tmp_path, ["shaanxi"])
    file = tmp_path / "shaanxi.zip"
    assert read_frozen(file).manifest["command"] == (
        "shaanxi-transfer forecast action_plan --against no_plan --province shaanxi --runs 3 --scale 0.1 "
        "--seed 1 --forecaster combined --freeze FILE"
    )
    again = tmp_path / "again.zip"
    forecast(province="shaanxi", out=tmp_path / "runs", forecaster="combined", freeze=again, **SETTINGS)
    assert again.read_bytes() == file.read_bytes()


def test_a_file_of_other_hashes_is_never_touched(tmp_path: Path) -> None:
    states(tmp_path, ["hubei"])
    before = (tmp_path / "hubei.zip").read_bytes()
    (outcome,) = freeze_provinces(tmp_path, ["hubei"], **SETTINGS | {"runs": 4})
    assert (outcome.state, outcome.well) == (OTHER, False)
    assert "remove it to freeze anew" in outcome.message
    assert (tmp_path / "hubei.zip").read_bytes() == before


def test_a_province_that_fails_does_not_hold_up_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = door_to_model.model()

    def run(scenario: Any, *, seed: int, scale: float = 0.1) -> Any:
        if scenario.province == "hubei":
            raise ValueError("no money left")
        return known.run_one(scenario, seed=seed, scale=scale)

    with monkeypatch.context() as patch:
        patch.setattr(door_to_model, "model", lambda own=None: replace(known, run_one=run))
        assert states(tmp_path) == {"hubei": FAILED, "shaanxi": FROZEN}
    assert not (tmp_path / "hubei.zip").exists()
    assert [folder.name for folder in (tmp_path / "runs").iterdir()] == ["hubei"]
    (tmp_path / "shaanxi.zip").write_bytes(b"PK not what it was" * 10)
    (hubei, shaanxi) = freeze_provinces(tmp_path, PROVINCES, **SETTINGS)
    assert shaanxi.state == FAILED
    assert "no frozen forecast" in shaanxi.message
    assert hubei.state == FAILED
    assert "failures.csv" in hubei.message


def test_the_command_tells_each_province_and_ends_with_one_if_any_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_to_model, "provinces", lambda: list(PROVINCES))
    words = ["--out", str(tmp_path), "--runs", "2", "--workers", "0"]
    assert main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    checksum = read_frozen(tmp_path / "hubei.zip").checksum
    posterior = door_to_model.loaded("no_plan", province="hubei").posterior()
    belief = "prior" if posterior is None else "posterior"
    # A fit of older rules says so behind it.
    assert lines[0].startswith(f"hubei: frozen: {checksum}, drawn from {belief}")
    assert lines[1].startswith("shaanxi: frozen: ")
    assert "drawn from posterior" in lines[1]
    listed = pd.read_csv(tmp_path / CHECKSUMS).set_index("province")
    assert listed.loc["hubei", "sha256"] == checksum and list(listed.index) == ["hubei", "shaanxi"]
    assert (listed["known_until"] == 2017).all() and listed.loc["hubei", "judged"] == "no_plan"
    assert main([*words, "--seed", "2", "--provinces", "hubei"]) == 1
    assert main([*words, "--provinces", "hubai"]) == 2
    assert "did you mean hubei (湖北)" in capsys.readouterr().err
    assert main([*words, "--scale", "0"]) == 2
    (tmp_path / "hubei.zip").write_bytes(b"PK not what it was" * 10)
    assert main(words) == 1
    assert "no frozen forecast" in capsys.readouterr().err
