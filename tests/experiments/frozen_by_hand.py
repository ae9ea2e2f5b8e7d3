"""A frozen forecast whose draws are chosen by hand, so that its scores can be worked out on paper."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from shaanxi_transfer.experiments.freezing.manifest_of_frozen import LAYOUT
from shaanxi_transfer.experiments.freezing.read_frozen import (
    CHANCES,
    DRAWS,
    MANIFEST,
    QUANTILES,
    README,
    SEEDS,
)
from shaanxi_transfer.experiments.freezing.sealed_zip import write_archive
from shaanxi_transfer.experiments.freezing.tables_of_frozen import (
    bytes_of_csv,
    bytes_of_draws,
    chance_table,
    quantile_table,
)
from shaanxi_transfer.model.targets import Target

UNITS = {
    "contract_value_output": "yuan",
    "contract_count_output": "contracts",
    "trained_people": "people",
    "registration_coverage": "fraction",
}
GOAL = 100.0
Draws = Mapping[tuple[str, str, str, int], Sequence[float]]


def target(indicator: str, goal: float = GOAL, year: int = 2020) -> Target:
    return Target(
        {"counted": indicator}, goal, UNITS[indicator], year, "flow_of_year", "a target", "目标", ""
    )


def freeze(
    file: Path,
    draws: Draws,
    *,
    province: str = "shaanxi",
    written_for: str = "shaanxi",
    judged: str = "action_plan",
    targets: Sequence[Target] = (),
    **changes: Any,
) -> Path:
    """Freeze draws by (forecaster, scenario, indicator, year)."""
    tables = [
        pd.DataFrame(
            {
                "forecaster": forecaster,
                "scenario": scenario,
                "indicator": indicator,
                "year": year,
                "draw": np.arange(len(values)),
                "value": np.array(values, np.float64),
            }
        )
        for (forecaster, scenario, indicator, year), values in draws.items()
    ]
    table = pd.concat(tables, ignore_index=True)
    names = list(dict.fromkeys(table["indicator"]))
    manifest = {
        "layout": LAYOUT,
        "identity_hash": "0" * 64,
        "province": {"name": province, "name_zh": "省", "plan_written_for": written_for},
        "information_until": 2017,
        "years": [2018, 2019, 2020],
        "judged_scenario": judged,
        "judged_because": {"key": "only", "reason": "by hand"},
        "futures": 3,
        "indicators": {name: UNITS[name] for name in names},
        "units": UNITS,
        "without": [],
        "outside_file": {},
        "parameters": {judged: {"drawn_from": "posterior", "changed_since": []}},
        "discrepancy": {judged: {"of_other_rules": False}},
        "left_out": {"indicators": [], "rivals": []},
        **changes,
    }
    chances = chance_table(table, {one.indicator: one for one in targets})
    write_archive(
        file,
        {
            README: b"made by hand",
            MANIFEST: json.dumps(manifest).encode(),
            QUANTILES: bytes_of_csv(quantile_table(table, UNITS)),
            CHANCES: bytes_of_csv(chances),
            SEEDS: b"draw,seed\n",
            DRAWS: bytes_of_draws(table),
        },
    )
    return file


def observed(file: Path, *rows: str, head: str = "indicator,year,value,unit") -> Path:
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return file
