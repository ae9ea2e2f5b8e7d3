"""All packs of a folder at once, and what makes them follow the nation."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments import forecast_all as verb
from shaanxi_transfer.experiments.forecast_all import forecast_all, shifts_of, with_shifts
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.planning.checks import packs_in
from shaanxi_transfer.scenarios.choosing.pack_years import shipped_years
from shaanxi_transfer.scenarios.places import SOURCES_FOLDER
from shaanxi_transfer.scenarios.provinces.packs_from_panel import packs_from_panel
from shaanxi_transfer.scenarios.provinces.sources_read import PANEL_FILES

VALUE = "contract_value_output"
LAST = shipped_years().last


def made_up(part: float) -> dict[str, tuple[Any, pd.DataFrame]]:
    """Give two provinces with a half each of ``part`` of the nation, which grow to three times as much.

    They have no other series than the value sold.
    """

    def pack(name: str) -> Any:
        def series_of(indicator: str, scope: str = "province") -> dict[int, float]:
            known = 100.0 if scope == "china" else 50.0 * part
            if indicator != VALUE and scope != "china":
                raise InputError(f"the pack of {name} has no series {indicator!r}")
            return {LAST: known} if indicator == VALUE else {}

        def has_series(indicator: str) -> bool:
            return indicator == VALUE

        return SimpleNamespace(name=name, years=shipped_years(), series_of=series_of, has_series=has_series)

    years = pd.DataFrame(
        [(future, VALUE, LAST + 1, 150.0 * part) for future in range(4)],
        columns=["future", "indicator", "year", "value"],
    )
    return {name: (pack(name), years) for name in ("hubei", "gansu")}


def test_provinces_that_grow_more_than_the_nation_are_shifted_by_what_is_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verb, "growth_of_nation", lambda *_: {"national_value": lambda year: np.log(2.0)})
    shifts = shifts_of(made_up(0.9), seed=1)
    assert shifts[["indicator", "year"]].to_numpy().tolist() == [[VALUE, LAST + 1]]
    assert shifts["shift"].tolist() == pytest.approx([np.log(2.0 / 3.0)])
    assert shifts_of(made_up(0.5), seed=1).empty, "two provinces with a half of the nation say nothing of it"


def test_a_shift_moves_levels_of_its_series_and_parts_and_nothing_else() -> None:
    shifts = pd.DataFrame([(VALUE, 2018, np.log(0.5))], columns=["indicator", "year", "shift"])
    levels = dict.fromkeys(("q05", "q10", "q25", "q50", "q75", "q90", "q95", "mean"), 8.0)
    names = [(VALUE, 2018), (VALUE, 2017), (f"{VALUE}_university", 2018), ("trained_people", 2018)]
    table = pd.DataFrame([{"indicator": name, "year": year, **levels} for name, year in names])
    assert with_shifts(table, shifts)["q50"].tolist() == pytest.approx([4.0, 8.0, 4.0, 8.0])


def test_a_folder_without_packs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no pack"):
        packs_in(tmp_path)


@pytest.mark.soak
def test_packs_of_a_panel_are_forecast_together(tmp_path: Path) -> None:
    files = [SOURCES_FOLDER / name for name in PANEL_FILES]
    packs_from_panel(files, 2014, tmp_path / "packs", ["hubei", "shaanxi"])
    options = ForecastOptions(runs=3, scale=0.02, belief="prior", out=tmp_path / "out", workers=0)
    done = forecast_all(tmp_path / "packs", options)
    assert done.provinces == ["hubei", "shaanxi"] and not done.refused and done.shifts.empty
    assert set(done.targets["province"]) == {"hubei", "shaanxi"}
    assert set(pd.read_csv(tmp_path / "out" / "indicators.csv")["year"]) == set(range(2010, 2018))
