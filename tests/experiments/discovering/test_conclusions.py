"""What a forecast concludes, from a frame that is made up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.discovering.box_table import COLUMNS, box_table
from shaanxi_transfer.experiments.discovering.boxes import FEW_CASES, NOTHING_FLIPS
from shaanxi_transfer.experiments.discovering.conclusions import conclusions_of
from shaanxi_transfer.experiments.planning.definitions import Definitions


@dataclass(frozen=True)
class Goal:
    countings: dict[str, str]
    goal: float = 10.0
    unit: str = "count"
    year: int = 2020
    indicator: str = "brokers"
    how: str = "stock_at_end"


@dataclass(frozen=True)
class Pack:
    name: str = "shaanxi"


class World:
    def pack(self) -> Pack:
        return Pack()

    def parameter_table(self) -> dict[str, Any]:
        return {}


DEFINITIONS: Any = Definitions({}, {"people": Goal({"heads": "a"}), "places": Goal({"stock": "b"})})  # type: ignore[dict-item]
WORLDS: Any = {"plan": World(), "none": World()}


@pytest.fixture
def frame() -> pd.DataFrame:
    of_plan = {"scenario": "plan", "future": range(20), "parameter.p": np.linspace(0.0, 1.0, 20)}
    plan = pd.DataFrame(
        {
            **of_plan,
            "target.people.heads": [12.0] * 17 + [9.0] * 3,
            "target.places.stock": 4.0,
            "more.people.heads": 1.0,
        }
    ).assign(**{"more.places.stock": 0.0})
    none = plan.assign(scenario="none", **{"target.people.heads": 9.0, "more.people.heads": 0.0})
    return pd.concat([plan, none], ignore_index=True)


def test_what_is_so_in_most_futures_is_concluded(frame: pd.DataFrame) -> None:
    found = [(one.kind, one.scenario, one.target, one.said, one.holds.mean())
             for one in conclusions_of(frame, DEFINITIONS, WORLDS)]  # fmt: skip
    assert found == [
        ("target", "plan", "people", "met", 0.85),
        ("effect", "plan", "people", "more", 1.0),
        ("target", "plan", "places", "missed", 1.0),  # its difference is zero in every future: no conclusion
        ("target", "none", "people", "missed", 1.0),
        ("target", "none", "places", "missed", 1.0),
    ]
    assert {one.target for one in conclusions_of(frame, DEFINITIONS, WORLDS, ["places"])} == {"places"}


def test_the_table_says_when_there_is_nothing_to_look_for(frame: pd.DataFrame) -> None:
    table = box_table(frame, list(conclusions_of(frame, DEFINITIONS, WORLDS)), WORLDS, seed=1)
    assert tuple(table.columns) == COLUMNS and len(table) == 5
    first = table.iloc[0]
    assert (first["holds"], first["flips"], first["verdict"], first["box"]) == (0.85, 3, FEW_CASES, 0)
    assert first["holds_low"] < 0.85 < first["holds_high"]
    assert (table["verdict"].iloc[1:] == NOTHING_FLIPS).all() and (table["comparisons"] == 0).all()
