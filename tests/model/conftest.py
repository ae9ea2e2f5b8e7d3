from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.model.indicators import INDICATORS
from shaanxi_transfer.model.record import Record
from shaanxi_transfer.scenarios import Scenario

HEADLINE = (
    "contract_value_output",
    "contract_count_output",
    "contract_value_inflow",
    "contract_count_inflow",
    "contract_value_signed",
    "technology_enterprises",
    "high_tech_enterprises",
    "results_created",
    "demonstration_institutions",
    "trained_people",
    "incubation_platforms",
    "guidance_fund_committed",
)


@pytest.fixture(scope="session")
def headline() -> tuple[str, ...]:
    """The headline indicators that the model gives."""
    return tuple(name for name in HEADLINE if name in INDICATORS and INDICATORS[name].modelled)


@pytest.fixture(scope="session")
def of_year() -> Callable[[Record, str, int], float]:
    """A year's value of an indicator: flows summed, stocks and ratios at the year's end."""

    def value(record: Record, name: str, year: int) -> float:
        series = record.series(name)
        rows = [i for i, quarter in enumerate(record.quarters) if quarter.year == year]
        assert len(rows) == 4
        return float(series[rows].sum() if INDICATORS[name].kind == "flow" else series[rows[-1]])

    return value


@pytest.fixture(scope="session")
def same_record() -> Callable[[Record, Record], None]:
    """Two records must have the same bytes; says where they part."""

    def compare(one: Record, two: Record) -> None:
        assert one.indicators == two.indicators
        assert one.quarters == two.quarters
        if one.values.tobytes() != two.values.tobytes():
            rows, columns = np.nonzero(one.values != two.values)
            where = [(str(one.quarters[r]), one.indicators[c]) for r, c in zip(rows, columns, strict=True)]
            pytest.fail(f"{len(where)} numbers differ, first {where[:5]}")

    return compare


@pytest.fixture(scope="session")
def up_to() -> Callable[[Record, str], Record]:
    """The part of a record up to and with a quarter."""

    def cut(record: Record, quarter: str) -> Record:
        rows = record.quarters.index(Quarter.parse(quarter)) + 1
        return Record(record.indicators, record.quarters[:rows], record.values[:rows])

    return cut


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Hold parameters at numbers that a scenario would refuse, to go to the ends of the world."""

    def held(**numbers: float) -> None:
        drawn = Scenario.parameter_draws

        def draws(self: Any, seed: int) -> dict[str, float]:
            values = drawn(self, seed)
            assert numbers.keys() <= values.keys(), sorted(numbers.keys() - values.keys())
            return {**values, **numbers}

        monkeypatch.setattr(Scenario, "parameter_draws", draws)

    return held
