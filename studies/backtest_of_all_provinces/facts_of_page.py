"""Verdicts and numbers of the page of the backtest across provinces; its words are in `page.md.j2`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from ...experiments.backtesting.quantile_pool import FEWEST as FEWEST_IN_THE_PAST
from ...experiments.backtesting.rivals import EVERY_RIVAL
from ...experiments.backtesting.scores import BANDS
from ...experiments.forecasting.discrepancy import Discrepancy
from ...reports.words.phrases import LANGUAGES, say
from ...scenarios.provinces.gaps import LUCK_AS_LARGE_AS_A_FORECAST
from ...scenarios.provinces.posterior import FEWEST_DRAWS
from .bands import HORIZONS, Three, bands_beside
from .causes import COLUMNS, FLAGS, MISSED, ONE_SIDED, SHARP, YEARS_BEFORE
from .correlations import FEWEST, LEVEL, OUTCOMES, smallest_seen
from .figures import FIGURE
from .tables import FITTED, MODEL, PAST_ONLY, RECONCILED, summary_of_provinces

__all__ = [
    "FEW",
    "WORST",
    "Facts",
    "Tables",
    "Verdict",
    "facts_of_bands",
    "facts_of_causes",
    "facts_of_correlations",
    "facts_of_pool",
    "facts_of_scores",
    "verdict_of",
    "wrong_bands",
]

Facts = dict[str, Any]
Row = Mapping[Any, Any]
Verdict = Literal["better", "level", "worse"]

FEW: Final = 10
"""With fewer provinces than this the page warns: intervals from drawing so few again are too narrow."""

WORST: Final = 10
"""Provinces that are told in full."""

_PROMISED: Final = {"inside_50": 50, "inside_80": 80, "inside_95": 95}

_SAME: Final = 1e-6
"""Tables are written to six digits: an interval that ends this near to a number contains it."""

_ALIKE: Final = 0.001
"""Discrepancies are kept to four digits: what differs by less, relatively, is the same."""


class Tables(NamedTuple):
    """What the page is made from: `results`, and `facts`.

    ``added`` and ``weights`` are of `pool`; none of a run before forecasts were kept.
    """

    scores: pd.DataFrame
    summary: pd.DataFrame
    provinces: pd.DataFrame
    shape: pd.DataFrame
    facts: pd.DataFrame
    added: pd.DataFrame | None = None
    weights: pd.DataFrame | None = None


def verdict_of(row: Row) -> Verdict:
    """Tell from the interval of ``model_less`` whether the model is better, worse, or not told apart."""
    if row["model_less_high"] < 0.0:
        return "better"
    return "worse" if row["model_less_low"] > 0.0 else "level"


def wrong_bands(row: Row) -> list[Facts]:
    """List the bands that hold less or more than they promise, as far as the intervals tell.

    Each with ``name``, ``promised`` (percent) and ``width``, which is ``narrow`` or ``wide``.
    """
    wrong: list[Facts] = []
    for name in BANDS:
        promised = _PROMISED[name]
        if row[f"{name}_high"] < promised / 100 - _SAME:
            wrong.append({"name": name, "promised": promised, "width": "narrow"})
        elif row[f"{name}_low"] > promised / 100 + _SAME:
            wrong.append({"name": name, "promised": promised, "width": "wide"})
    return wrong


def facts_of_scores(tables: Tables) -> Facts:
    """Tell what was done, how good it is, and against whom."""
    scores, summary, provinces, _, facts, *_ = tables
    of_model = scores[scores["forecaster"] == MODEL]
    out = facts[~facts["province"].isin(provinces["province"])]
    cannot = out["limits"].fillna("").str.contains("no_fit")
    overall = summary[summary["by"] == "all"]
    rival = _best(overall)
    there = [name for name in EVERY_RIVAL if name in set(scores["forecaster"])]
    there_too = [RECONCILED] if RECONCILED in set(scores["forecaster"]) else []
    forms = {name: _row(overall, name) for name in (MODEL, PAST_ONLY, *there_too, FITTED)}
    return {
        "number": len(provinces),
        "few": len(provinces) < FEW,
        "origins": list(map(str, sorted(of_model["origin"].unique()))),
        "series": of_model["indicator"].nunique(),
        "last_year": of_model["year"].max(),
        "points": len(of_model),
        "figures": len(of_model[["province", "indicator", "year"]].drop_duplicates()),
        "rivals": {
            name: {language: say(f"study_backtest.rival_{name}", language) for language in LANGUAGES}
            for name in there
        },
        "rivals_to_come": [name for name in EVERY_RIVAL if name not in there],
        "figure": FIGURE,
        "member": RECONCILED if there_too else PAST_ONLY,
        "cannot_be_fitted": list(out.loc[cannot, "province"]),
        "left_out": list(out.loc[~cannot, "province"]),
        "model": forms[MODEL],
        "rival": rival,
        "rival_of_past_only": _beside_past_only(scores, rival["forecaster"]),
        "better_than_it": int((provinces["model_less"] < 0.0).sum()),
        "better_than_all": int((provinces["crps_log"] < provinces["crps_best_here"]).sum()),
        "coverage": [
            {"forecaster": name, "row": row, "wrong": wrong_bands(row)} for name, row in forms.items()
        ],
        "farthest_behind": _records(provinces.sort_values("model_less", ascending=False).head(5)),
        "forecasters": _records(overall.sort_values("crps_log", kind="stable")),
        "by_series": _parts(summary, "indicator", rival["forecaster"]),
        "by_horizon": _parts(summary, "horizon", rival["forecaster"]),
    }


def facts_of_pool(added: pd.DataFrame | None, weights: pd.DataFrame | None) -> Facts:
    """Tell what each member adds to the pool, and at which origins weights are equal for want of a past."""
    if added is None or weights is None:
        return {"pool": None}
    whole = _records(added[added["by"] == "all"])
    learnt = weights[weights["points"] > 0]
    return {
        "pool": {
            "whole": [{**row, "verdict": _verdict_of_leaving_out(row)} for row in whole],
            "parts": [
                {"by": by, "part": part, "rows": {row["member"]: row for row in _records(mine)}}
                for (by, part), mine in added.groupby(["by", "part"], sort=False)
            ],
            "members": list(dict.fromkeys(added["member"])),
            "equal_at": [str(one) for one in sorted(set(weights.loc[weights["points"] == 0, "origin"]))],
            "fewest": FEWEST_IN_THE_PAST,
            "weights": [
                {"indicator": name, "member": who, "of": mine.set_index("origin")["weight"].to_dict()}
                for (name, who), mine in learnt.groupby(["indicator", "member"], sort=False)
            ],
            "learnt_at": sorted(int(one) for one in set(learnt["origin"])),
        }
    }


def _verdict_of_leaving_out(row: Row) -> Verdict:
    """Tell whether the pool is worse without a member, better, or not told apart."""
    if row["left_out_low"] > 0.0:
        return "worse"
    return "better" if row["left_out_high"] < 0.0 else "level"


def _records(rows: pd.DataFrame) -> list[Facts]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _with_verdict(rows: pd.DataFrame) -> Facts:
    row = _records(rows.head(1))[0]
    return {**row, "verdict": verdict_of(row)}


def _row(summary: pd.DataFrame, forecaster: str) -> Facts:
    return _with_verdict(summary[summary["forecaster"] == forecaster])


def _best(summary: pd.DataFrame) -> Facts:
    """Find the rival with the smallest CRPS in rows of one group of the summary."""
    rivals = summary[summary["forecaster"].isin(EVERY_RIVAL)]
    return _with_verdict(rivals.sort_values("crps_log", kind="stable"))


def _beside_past_only(scores: pd.DataFrame, rival: str) -> Facts:
    """Hold the forecast that could have been made against the same rival: the same sums, renamed."""
    both = scores[scores["forecaster"].isin([PAST_ONLY, rival])]
    both = both.assign(forecaster=both["forecaster"].replace({PAST_ONLY: MODEL}))
    return _row(summary_of_provinces(both, seed=1, groups=["all"]), rival)


def _parts(summary: pd.DataFrame, by: str, rival: str) -> list[Facts]:
    """Hold the model against the rival that is the best over all, part by part."""
    rows = summary[summary["by"] == by]
    return [
        {
            "name": f"`{part}`" if by == "indicator" else str(part),
            "model": _row(mine, MODEL),
            "rival": _row(mine, rival),
            "best": _best(mine),
        }
        for part, mine in rows.groupby(by, sort=False)
    ]


def facts_of_causes(table: pd.DataFrame, written_for: str) -> Facts:
    """Tell from a table of `causes.COLUMNS` where the model is worst, and what stands out there."""
    in_order = table.sort_values("model_less", ascending=False, ignore_index=True)
    ratios = in_order.assign(ratio=np.exp(-in_order["bias"]), worst_ratio=np.exp(-in_order["worst_bias"]))
    rows = [
        {**row, "flags": _flags_of(row), "place": place}
        for place, row in enumerate(_records(ratios), start=1)
    ]
    worst, others = rows[:WORST], rows[WORST:]
    by_bias = sorted(rows, key=lambda row: row["bias"])
    behind = [row for row in worst if row["model_less"] > 0.0]
    return {
        "province": written_for,
        "worst": worst,
        "worst_and_behind": len(behind),
        "years_before": YEARS_BEFORE,
        "flags": {flag: {"worst": _having(worst, flag), "others": _having(others, flag)} for flag in FLAGS},
        "one_sided": ONE_SIDED,
        "errors_missed": math.sqrt(MISSED),
        "fewest_draws": FEWEST_DRAWS,
        "much_luck": LUCK_AS_LARGE_AS_A_FORECAST,
        "sharp": SHARP,
        "without_a_flag": [row["province"] for row in behind if not row["flags"]],
        "too_high": sum(row["bias"] < 0.0 for row in rows),
        "too_low": sum(row["bias"] > 0.0 for row in rows),
        "mean_bias": table["bias"].mean(),
        "highest": by_bias[0],
        "lowest": by_bias[-1],
        "own": next((row for row in rows if row["province"] == written_for), None),
        "columns": COLUMNS,
    }


def _flags_of(row: Row) -> list[str]:
    """List what stands out in a province; an empty cell is nothing."""
    cell = row["stands_out"]
    return cell.split("; ") if isinstance(cell, str) and cell else []


def _having(rows: list[Facts], flag: str) -> int:
    return sum(flag in row["flags"] for row in rows)


def facts_of_correlations(found: pd.DataFrame) -> Facts:
    """Tell from `correlations.correlations` what goes with how well a province is forecast."""
    computed = bool(found["rho"].notna().any())
    return {
        "correlated_provinces": int(found["provinces"].max()),
        "fewest_correlated": FEWEST,
        "level": LEVEL,
        "outcomes": [_outcome(found, name) for name in OUTCOMES] if computed else [],
    }


def _outcome(found: pd.DataFrame, outcome: str) -> Facts:
    """Part the causes of an outcome into those seen and those not seen to matter."""
    rows = _records(found[found["outcome"] == outcome])
    known = [row for row in rows if not math.isnan(row["rho"])]
    seen = [row for row in known if row["seen"]]
    return {
        "outcome": outcome,
        "rows": rows,
        "seen": seen,
        "unseen": [row for row in known if not row["seen"]],
        "still_seen": [row["cause"] for row in seen[1:] if row["p_beside"] < LEVEL],
        "smallest_seen": smallest_seen(min(row["provinces"] for row in known)),
    }


def facts_of_bands(shape: pd.DataFrame, discrepancies: Three) -> Facts:
    """Tell what the pooled discrepancy is (`results.SHAPE`), and what it makes of a province's bands."""
    pooled, present, alone = discrepancies
    bands = bands_beside(alone, pooled).merge(
        shape[["indicator", "factor_of_volatility"]], on="indicator", how="left", validate="one_to_one"
    )
    last = HORIZONS[-1]
    return {
        "shape": _records(shape.head(1))[0],
        "reads": _read_now(pooled, present),
        "present": present,
        "alone": alone,
        "horizons": HORIZONS,
        "bands": _records(bands.assign(times=bands[f"sd_{last}_pooled"] / bands[f"sd_{last}_alone"])),
    }


def _read_now(pooled: Discrepancy, present: Discrepancy | None) -> Literal["none", "this", "another"]:
    """Tell whether forecasts of the province read the discrepancy of all provinces."""
    if present is None:
        return "none"
    compared = ("scale", "carry", *(f"sd_{years}" for years in HORIZONS))
    both = bands_beside(present, pooled)
    now, then = (
        both[[f"{what}_{when}" for what in compared]].to_numpy(np.float64) for when in ("alone", "pooled")
    )
    return "this" if np.allclose(now, then, rtol=_ALIKE, atol=0.0) else "another"
