"""Figures of all provinces, one of which lacks a series: it has no year of it, and stops no other."""

from __future__ import annotations

import shutil
from pathlib import Path

from shaanxi_transfer.experiments.backtesting.share_past import figures_of_packs
from shaanxi_transfer.scenarios import load_pack

SOLD = "contract_value_output"


def test_a_pack_without_a_series_has_no_year_of_it(tmp_path: Path) -> None:
    packs = {name: load_pack(name) for name in ("gansu", "hubei")}
    whole = figures_of_packs(packs)
    shutil.copytree(packs["hubei"].folder, tmp_path / "hubei")
    file = tmp_path / "hubei" / "series.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(one for one in lines if not one.startswith(f"{SOLD},province")), encoding="utf-8")
    found = figures_of_packs({**packs, "hubei": load_pack(tmp_path / "hubei")})
    assert found.own[SOLD] == {"gansu": whole.own[SOLD]["gansu"], "hubei": {}}
    assert found.own["contract_count_output"] == whole.own["contract_count_output"]
