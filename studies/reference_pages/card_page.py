"""The model card: what the model is for, what it rests on, how good it was; its words are in `card.md.j2`."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import pandas as pd

from ... import __version__
from ...experiments.backtesting.rivals import EVERY_RIVAL
from ...experiments.patterns.verdicts import verdicts_of_patterns
from ...reports.words.phrases import say
from ...scenarios import list_provinces, load_pack
from ...scenarios.provinces.coverage import overview
from ..backtest_of_all_provinces.tables import FITTED, MODEL, PAST_ONLY, RECONCILED
from ..templates import page_of

__all__ = ["FILES", "PAGE", "page"]

FILES: Final = (
    "backtest_provinces_summary.csv",
    "backtest_summary_shaanxi.csv",
    "forecast_targets_shaanxi.csv",
    "patterns_shaanxi.csv",
    "evidence_shaanxi.csv",
)
PAGE: Final = "card.md"

_FORMS: Final = {
    MODEL: "model, with what it missed in the other provinces",
    PAST_ONLY: "model, with what was known at each origin alone",
    RECONCILED: "the same, reconciled with the nation",
    FITTED: "model as fitted, nothing added",
    "model_prior": "model from priors, not fitted",
    "combined": "pool of model and share layer",
}


def page(
    summary: pd.DataFrame,
    shaanxi: pd.DataFrame,
    forecast: pd.DataFrame,
    patterns: pd.DataFrame,
    evidence: pd.DataFrame,
) -> str:
    """Make the page from the tables of `FILES`, as read from the files."""
    words = ["band", "note", "verdict"]
    patterns = patterns.assign(**patterns[words].astype(object).fillna(""))
    packs = [overview(load_pack(name)) for name in list_provinces()]
    first = forecast[forecast["forecast"] == "forecast"].groupby(["scenario", "target"], sort=False).head(1)
    return page_of(
        "reference_pages/card.md.j2",
        {
            "version": __version__,
            "provinces": _scores(summary[(summary["by"] == "all")]),
            "points": int(summary["points"].max()),
            "shaanxi": _scores(shaanxi[shaanxi["indicator"] == "all"]),
            "points_of_shaanxi": int(shaanxi["points"].max()),
            "forecast": [_chances(target, rows) for target, rows in first.groupby("target", sort=False)],
            "patterns": Counter(verdicts_of_patterns(patterns)["verdict"]),
            "parameters": Counter(evidence.loc[evidence["what"] == "parameter", "kind"]),
            "levers": Counter(evidence.loc[evidence["what"] == "lever", "kind"]),
            "packs": len(packs),
            "with_posterior": sum(one.posterior for one in packs),
        },
    )


def _scores(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the scores of each forecaster, the best first."""
    rows = table.sort_values("crps_log", kind="stable").to_dict("records")
    return [
        {**{str(name): cell for name, cell in row.items()}, "told": _told(str(row["forecaster"]))}
        for row in rows
    ]


def _told(forecaster: str) -> str:
    if forecaster in EVERY_RIVAL:
        return "rival: " + say(f"study_backtest.rival_{forecaster}", "en")
    return _FORMS.get(forecaster, forecaster)


def _chances(target: object, rows: pd.DataFrame) -> dict[str, Any]:
    """Give the chance of a target in each world of the reference forecast."""
    own = rows.set_index("scenario")["probability"]
    return {"target": target, **{world: float(own[world]) for world in ("action_plan", "no_plan")}}
