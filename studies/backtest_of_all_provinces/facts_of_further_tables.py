"""What the page tells of tables that are made after the backtest: structure alone, one province left out.

Each is told only where its tables lie beside those of the backtest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pandas as pd

from ..read_tables import read_table
from . import left_out, structure_alone
from .facts_of_page import Facts
from .tables import FITTED

__all__ = ["AIMED", "NOTHING_FURTHER", "facts_of_further_tables", "facts_of_left_out", "facts_of_structure"]

AIMED: Final = 0.10
"""What the province's part of the error in value sold was to stay within, logarithm, where the plan is."""

NOTHING_FURTHER: Final[Facts] = {"structure": None, "left_out_of_fit": None, "aimed": AIMED}

_VALUE_SOLD: Final = "contract_value_output"
_OWN: Final = f"crps_{FITTED}"
_OTHERS: Final = f"crps_{left_out.OTHERS}"


def facts_of_further_tables(folder: Path, province: str) -> Facts:
    """Give ``structure`` and ``left_out_of_fit``, each None where its tables are not there.

    Raises
    ------
    InputError
        If a table lacks a column.
    """
    facts = dict(NOTHING_FURTHER)
    if (folder / structure_alone.SPLIT).is_file():
        split = read_table(
            folder / structure_alone.SPLIT,
            "across-structure",
            ("province", "origin", "indicator", "horizon", *structure_alone.PARTS),
        )
        summary = read_table(
            folder / structure_alone.SUMMARY,
            "across-structure",
            ("what", "indicator", "by", "at", "part", "value", "low", "high"),
        )
        facts["structure"] = facts_of_structure(split, summary, province)
    if (folder / left_out.LEFT_OUT).is_file():
        table = read_table(
            folder / left_out.LEFT_OUT,
            "across-left-out",
            ("province", "indicator", "horizon", "points", _OWN, _OTHERS),
        )
        summary = read_table(
            folder / left_out.SUMMARY,
            "across-left-out",
            ("by", "forecaster", "crps_log", "model_less", "model_less_low", "model_less_high"),
        )
        facts["left_out_of_fit"] = facts_of_left_out(table, summary)
    return facts


def facts_of_structure(split: pd.DataFrame, summary: pd.DataFrame, province: str) -> Facts:
    """Tell the scores, the parts by series and horizon, trends, and the plan's province.

    Parameters are the two tables of `structure_alone` and the province for which the plan was written.
    """
    scores = summary[summary["what"] == "crps_log"]
    slopes = summary[(summary["what"] == "slope") & (summary["part"] == "of_the_province")]
    parts = split.groupby(["indicator", "horizon"], sort=True)[list(structure_alone.PARTS)].mean()
    own = split[(split["province"] == province) & (split["indicator"] == _VALUE_SOLD)]
    return {
        "crps": [
            {"indicator": indicator, **dict(zip(mine["part"], mine["value"], strict=True))}
            for indicator, mine in scores.groupby("indicator", sort=True)
        ],
        "parts": parts.reset_index().to_dict("records"),
        "slopes": slopes.to_dict("records"),
        "trends": [row for row in slopes.to_dict("records") if row["low"] > 0.0 or row["high"] < 0.0],
        "own": own.sort_values(["origin", "horizon"]).to_dict("records"),
        "own_outside": int((own["of_the_province"].abs() > AIMED).sum()),
    }


def facts_of_left_out(table: pd.DataFrame, summary: pd.DataFrame) -> Facts:
    """Tell how provinces are forecast from the fits of the others, beside their own.

    Parameters are two tables of `left_out`.
    """
    overall: dict[Any, Any] = summary[summary["by"] == "all"].set_index("forecaster").to_dict("index")
    whole = table[(table["indicator"].astype(str) == "all") & (table["horizon"].astype(str) == "all")]
    rows = whole.assign(less=whole[_OTHERS] - whole[_OWN]).sort_values("less", ascending=False)
    both = rows.dropna(subset=["less"])
    growth = f"{left_out.OTHERS}{left_out.GROWTH}", f"{FITTED}{left_out.GROWTH}"
    return {
        "own": overall[FITTED]["crps_log"],
        "others": overall[left_out.OTHERS]["crps_log"],
        "growth_others": overall[growth[0]]["crps_log"],
        "growth_own": overall[growth[1]]["crps_log"],
        "more": -overall[left_out.OTHERS]["model_less"],
        "more_low": -overall[left_out.OTHERS]["model_less_high"],
        "more_high": -overall[left_out.OTHERS]["model_less_low"],
        "provinces": len(both),
        "worse": int((both["less"] > 0.0).sum()),
        "rows": [
            {
                "province": row["province"],
                "points": int(row["points"]),
                "own": row[_OWN],
                "others": row[_OTHERS],
                "less": row["less"],
            }
            for row in rows.to_dict("records")
        ],
    }
