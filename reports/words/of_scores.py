"""What is said of frozen forecasts and their scores."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .phrases import Language, say

if TYPE_CHECKING:
    import pandas as pd

    from ...experiments.freezing.read_frozen import Frozen
    from ...experiments.hubverse.beside_frozen import Rivals
    from ...experiments.score import Scored

_EXAMPLES: Final = 5
_FAR: Final = math.log(1000.0)
_MANY_QUANTILES: Final = 23
"""With those of the hubs, the CRPS from quantiles is that of a normal log within 0.2 %: `quantile_scores`."""


def frozen_line(file: Path, language: Language) -> str:
    """Say where a forecast was frozen, and its checksum."""
    from ...experiments.freezing.sealed_zip import read_archive

    return say("scores.frozen", language, file=file, checksum=read_archive(file)[1])


def head_lines(frozen: tuple[Frozen, ...], language: Language) -> Iterator[str]:
    """Say of each frozen forecast what it is."""
    for one in frozen:
        yield say(
            "scores.head",
            language,
            province=one.province,
            until=one.origin,
            futures=one.manifest["futures"],
            scenario=one.judged,
            because=say(f"scores.judged_{one.manifest['judged_because']['key']}", language),
            checksum=one.checksum,
        )


def remarks(frozen: tuple[Frozen, ...], language: Language) -> Iterator[str]:
    """Say of each frozen forecast what a reader has to know before believing its scores."""
    for one in frozen:
        for key, fields in _remarks(one):
            yield say(f"scores.remark_{key}", language, province=one.province, **fields)


def _remarks(one: Frozen) -> Iterator[tuple[str, dict[str, Any]]]:
    manifest = one.manifest
    belief, discrepancy = manifest["parameters"][one.judged], manifest["discrepancy"][one.judged]
    if belief["drawn_from"] == "prior":
        yield "prior", {}
    elif belief["changed_since"]:
        yield "outdated", {"changed": ", ".join(belief["changed_since"])}
    if discrepancy is None:
        yield "no_discrepancy", {}
    elif discrepancy["of_other_rules"]:
        yield "discrepancy_of_other_rules", {}
    if manifest["without"]:
        yield "without", {"parts": ", ".join(manifest["without"])}
    if manifest["outside_file"]:
        yield "conditional", {}
    if rivals := manifest["left_out"]["rivals"]:
        yield "rivals_left_out", {"rivals": "; ".join(rivals)}


def few_line(scores: pd.DataFrame, language: Language) -> str:
    """Say on how few points the comparison stands: judged rows of figures that all forecast, not empty."""
    from ...experiments.forecasting.target_and_indicator_tables import wilson_interval

    points = int(scores.groupby("forecaster").size().max())
    low, high = wilson_interval(round(0.8 * points), points)
    return say(
        "scores.few",
        language,
        points=points,
        figures=len(scores.drop_duplicates(["province", "indicator", "year"])),
        provinces=scores["province"].nunique(),
        years=scores["year"].nunique(),
        low=low,
        high=high,
    )


def far_lines(scored: Scored, language: Language) -> Iterator[str]:
    """Ask back where a figure is so far off that it may be in another unit, ten thousand yuan say."""
    mine = scored.scores[scored.scores["judged"].astype(bool) & (scored.scores["forecaster"] == "model")]
    others = scored.rivals.scores
    units = {one.province: one.units for one in scored.frozen}
    for is_rival, table in ((False, mine), (True, others)):
        for row in table[table["abs_log_error"] > _FAR].to_dict("records"):
            names = ("province", "indicator", "year", "observed", "median", "forecaster")
            fields = {name: row[name] for name in names}
            unit = units[row["province"]][row["indicator"]]
            yield say("scores.far_rival" if is_rival else "scores.far", language, **fields, unit=unit)


def rival_lines(rivals: Rivals, language: Language) -> Iterator[str]:
    """Say of each rival's file what of it was scored, and how the comparison is to be read."""
    for row in rivals.files.to_dict("records"):
        yield say("scores.rival", language, **{str(name): value for name, value in row.items()})
    few = rivals.scores[rivals.scores["quantiles"] < _MANY_QUANTILES]
    if len(few):
        yield say("scores.rival_few_quantiles", language, quantiles=few["quantiles"].min())


def not_scored_lines(scored: Scored, language: Language) -> Iterator[str]:
    """Tell of observed figures without a score, by reason, with the first few of each."""
    for reason, mine in scored.not_scored.groupby("reason", sort=False):
        named = [
            f"{row['province']} {row['indicator']} {row['year']}"
            for row in mine.head(_EXAMPLES).to_dict("records")
        ]
        more = ", ..." if len(mine) > _EXAMPLES else ""
        yield say(
            "scores.not_scored",
            language,
            count=len(mine),
            reason=say(f"scores.because_{str(reason).replace(' ', '_')}", language),
            examples=", ".join(named) + more,
        )
