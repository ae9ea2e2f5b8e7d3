"""Indices of a sensitivity analysis, made by hand: no run stands behind them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from shaanxi_transfer.experiments.sensitivity_analysis.index_tables import COLUMNS
from shaanxi_transfer.scenarios import lever_catalogue

TURNOVER, PEOPLE = "contract_value_output", "trained_people"
LEVERS = ("fund_size", "voucher_budget", "training_seats", "platform_reach", "city_plans")


def row(method: str, factor: str, index: str, value: float, **more: Any) -> dict[str, Any]:
    lever = lever_catalogue().get(factor)
    who = {"factor": factor, "kind": "luck" if factor == "luck" else "group" if lever is None else "lever"}
    titles = {"title_en": lever.title_en, "title_zh": lever.title_zh} if lever else {}
    yuan = index in ("mu_star", "mu", "sigma")
    return {
        "method": method,
        "target": TURNOVER,
        **who,
        "title_en": "",
        "title_zh": "",
        **titles,
        "group": "",
        "index": index,
        "value": value,
        "low": value * 0.8,
        "high": value * 1.2,
        "unit": "yuan" if yuan else "fraction",
        "size": 64,
        "points": 384,
        "futures": 4,
        **more,
    }


def table(method: str, luck: float = 0.03, factors: tuple[str, ...] = LEVERS) -> pd.DataFrame:
    names = {
        "morris": ("mu_star", "mu", "sigma"),
        "sobol": ("S1", "ST"),
        "pawn": ("pawn_median", "pawn_maximum"),
    }
    size = 8e9 if method == "morris" else 0.61
    rows = [
        row(method, factor, index, size / 2**place)
        for place, factor in enumerate(factors)
        for index in names[method]
        if index != "sigma" or factor in lever_catalogue()
    ]
    rows.append(row(method, "luck", "share_of_variance", luck))
    if method != "sobol":
        rows.append(
            row(method, "luck", names[method][0], 0.05 * size, low=np.nan if method == "morris" else 0.02)
        )
    still = {"kind": "constant", "target": PEOPLE, "index": "constant", "value": 350.0, "unit": "people"}
    rows.append(row(method, "", "constant", 350.0) | still | {"low": np.nan, "high": np.nan})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def growing(indices: pd.DataFrame) -> pd.DataFrame:
    some = indices[indices["kind"] != "constant"]
    return pd.concat([some.assign(size=size, points=6 * size) for size in (16, 32, 64)])
