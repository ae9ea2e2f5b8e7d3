"""The part of the page across provinces that tells what was done, how good it is, and against whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from ...experiments.backtesting.rivals import RIVALS
from ...experiments.backtesting.scores import BANDS
from ...scenarios.provinces.names import chinese_name
from .figures import FIGURE, WORDS
from .tables import FITTED, MODEL, PAST_ONLY, summary_of_provinces
from .words_of_page import (
    FEW,
    Row,
    Verdict,
    coverage_in_words,
    interval,
    listed,
    name_of_forecaster,
    signed,
    verdict_of,
)

__all__ = ["best_of", "opening", "section_of_parts", "section_of_scores"]

_BAND_HEADS: Final = ("inside 50 %", "inside 80 %", "inside 95 %")

_SAID: Final[dict[Verdict, str]] = {
    "better": "better than the best rival",
    "level": "not told apart from the best rival",
    "worse": "worse than the best rival",
}
_SAID_IN_CHINESE: Final[dict[Verdict, str]] = {
    "better": "优于最佳对手",
    "level": "与最佳对手无法区分优劣",
    "worse": "不如最佳对手",
}


def best_of(summary: pd.DataFrame) -> Row:
    """Find the rival with the smallest CRPS in rows of one group of the summary."""
    rivals = summary[summary["forecaster"].isin(list(RIVALS))]
    return _first(rivals.sort_values("crps_log", kind="stable"))


def _row(summary: pd.DataFrame, forecaster: str) -> Row:
    return _first(summary[summary["forecaster"] == forecaster])


def _first(rows: pd.DataFrame) -> Row:
    return rows.iloc[0].to_dict()


def opening(
    scores: pd.DataFrame, summary: pd.DataFrame, provinces: pd.DataFrame, facts: pd.DataFrame
) -> Iterator[str]:
    """Write what was done, in two sentences, and who is not in it.

    Parameters
    ----------
    scores, summary, provinces, facts : DataFrame
        Tables of `results`, and `facts`.

    Yields
    ------
    str
        Lines of Markdown.
    """
    model = scores[scores["forecaster"] == MODEL]
    *earlier, latest = map(str, sorted(model["origin"].unique()))
    origins = f"{', '.join(earlier)} and {latest}" if earlier else latest
    figures = len(model[["province", "indicator", "year"]].drop_duplicates())
    number, series = len(provinces), model["indicator"].nunique()
    yield "<!-- made by `make pages` from results/reference/backtest_provinces*.csv; do not edit -->"
    yield "# The model held against the past of all provinces"
    yield ""
    yield (
        f"In {number} provinces the model was fitted to what was known at the end of {origins}, forecast "
        f"{series} series of contracts up to {model['year'].max()}, and was scored beside {len(RIVALS)} "
        f"simple rivals on the same {len(model)} points ({figures} figures, each forecast from one origin or "
        "more). Nothing later than an origin is in any file that its runs read; the discrepancy of `model` "
        "is learnt in the other provinces (held out in space: it has seen their later years), that of "
        "`model_past_only` from what all provinces had missed up to the origin, so that it could have been "
        "made then ([decision 0014](../decisions/0014-across-provinces.md), which says also what is not held "
        "out)."
    )
    yield ""
    yield "Made by `make across`; this page alone by `make pages`."
    yield from _not_in_it(provinces, facts)
    if number < FEW:
        yield ""
        yield (
            f"**Only {number} provinces.** Intervals come from drawing provinces again; from so few they are "
            "too narrow, and no sentence below can be relied on."
        )
    yield ""
    yield f"![The model and its best rival by province](figures/{FIGURE}_en.png)"
    yield ""
    yield f"[中文图](figures/{FIGURE}_zh.png)"


def _not_in_it(provinces: pd.DataFrame, facts: pd.DataFrame) -> Iterator[str]:
    out = facts[~facts["province"].isin(provinces["province"])]
    cannot = out["limits"].fillna("").str.contains("no_fit")
    for names, why in (
        (out.loc[cannot, "province"], "too few years of contracts sold for a fit"),
        (out.loc[~cannot, "province"], "there is a pack that could be fitted, and this run left it out"),
    ):
        if len(names):
            yield ""
            yield f"Not in it: {listed(map(str, names))}: {why}."


def section_of_scores(scores: pd.DataFrame, summary: pd.DataFrame, provinces: pd.DataFrame) -> Iterator[str]:
    """Write the verdict, and the table of all forecasters.

    Parameters
    ----------
    scores, summary, provinces : DataFrame
        Tables of `results`.

    Yields
    ------
    str
        Lines of Markdown.
    """
    overall = summary[summary["by"] == "all"]
    model, rival = _row(overall, MODEL), best_of(overall)
    better = int((provinces["model_less"] < 0.0).sum())
    than_all = int((provinces["crps_log"] < provinces["crps_best_here"]).sum())
    yield "## Is it better than its rivals, and are its bands honest?"
    yield ""
    yield (
        f"**Over all points the model is {_SAID[verdict_of(rival)]}**, which is "
        f"{name_of_forecaster(str(rival['forecaster']))}: CRPS of the logarithm {model['crps_log']:.3f} "
        f"against {rival['crps_log']:.3f}, difference {_difference(rival)}{_tie(rival)}. It is better than "
        f"that rival in {better} of {len(provinces)} provinces, and better than whichever rival is the best "
        f"there in {than_all}. The best of {len(RIVALS)} is known only afterwards."
    )
    yield ""
    yield _past_only(scores, str(rival["forecaster"]))
    yield ""
    for name in (MODEL, PAST_ONLY, FITTED):
        yield f"- Bands of `{name}`: {coverage_in_words(_row(overall, name))}."
    yield ""
    yield _in_chinese(model, rival, better, provinces)
    yield ""
    heads = ("forecaster", "CRPS of the log", *_BAND_HEADS, "model less this")
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for row in overall.sort_values("crps_log", kind="stable").to_dict("records"):
        bands = " | ".join(interval(row, band, ".2f") for band in BANDS)
        less = "" if row["forecaster"] == MODEL else _difference(row)
        yield f"| {name_of_forecaster(row['forecaster'])} | {interval(row, 'crps_log')} | {bands} | {less} |"
    yield ""
    yield (
        "Smaller CRPS is better; *model less this* is below zero where the model is better. Intervals (95 %) "
        "from drawing whole provinces again; the years that all share are not drawn again, so that the true "
        "uncertainty is larger."
    )


def _difference(row: Row) -> str:
    ends = (signed(row[f"model_less{end}"]) for end in ("", "_low", "_high"))
    return "{} ({} to {})".format(*ends)


def _tie(rival: Row) -> str:
    return "; the interval contains 0" if verdict_of(rival) == "level" else ""


def _past_only(scores: pd.DataFrame, rival: str) -> str:
    """Say how the forecast that could have been made does against the same rival: the same sums, renamed."""
    both = scores[scores["forecaster"].isin([PAST_ONLY, rival])]
    both = both.assign(forecaster=both["forecaster"].replace({PAST_ONLY: MODEL}))
    row = _row(summary_of_provinces(both, seed=1, groups=["all"]), rival)
    return (
        f"With no more than was known at each origin (`{PAST_ONLY}`) it is {_SAID[verdict_of(row)]}: "
        f"difference {_difference(row)}{_tie(row)}."
    )


def _in_chinese(model: Row, rival: Row, better: int, provinces: pd.DataFrame) -> str:
    held = "/".join(f"{model[band]:.2f}" for band in BANDS)
    few = "省份很少，以下区间偏窄，结论不可靠。" if len(provinces) < FEW else ""
    return (
        f"{few}**{len(provinces)}个省合计，模型{_SAID_IN_CHINESE[verdict_of(rival)]}**"
        f"（{WORDS[str(rival['forecaster'])].zh}）：对数CRPS为{model['crps_log']:.3f}，对手为"
        f"{rival['crps_log']:.3f}，差值{signed(rival['model_less'])}（95%区间{signed(rival['model_less_low'])}至"
        f"{signed(rival['model_less_high'])}；小于零表示模型更好）。在{len(provinces)}个省中有{better}个优于该对手。"
        f"50/80/95%区间的实际覆盖率为{held}。差距最大的省份："
        f"{_worst_in_chinese(provinces)}。"
    )


def _worst_in_chinese(provinces: pd.DataFrame) -> str:
    worst = provinces.sort_values("model_less", ascending=False).head(5)
    return "、".join(
        f"{chinese_name(str(row['province'])) or row['province']}（{signed(row['model_less'])}）"
        for row in worst.to_dict("records")
    )


def section_of_parts(summary: pd.DataFrame) -> Iterator[str]:
    """Write the model against the rival that is the best over all, by series and by horizon.

    Parameters
    ----------
    summary : DataFrame
        Table `results.SUMMARY`.

    Yields
    ------
    str
        Lines of Markdown.
    """
    rival = str(best_of(summary[summary["by"] == "all"])["forecaster"])
    yield "## By series and by horizon"
    yield ""
    yield (
        f"Against {name_of_forecaster(rival)}, which is the best over all points; beside it the rival that "
        "is the best in this part, which may be another."
    )
    for by, head in (("indicator", "series"), ("horizon", "years ahead")):
        rows = summary[summary["by"] == by]
        heads = (head, "model", "best rival over all", "model less it", *_BAND_HEADS[1:2], "best rival here")
        yield ""
        yield f"| {' | '.join(heads)} |"
        yield "|---" * len(heads) + "|"
        found: dict[Verdict, list[str]] = {"better": [], "level": [], "worse": []}
        for part in rows[by].unique():
            mine = rows[rows[by] == part]
            model, other, best = _row(mine, MODEL), _row(mine, rival), best_of(mine)
            name = f"`{part}`" if by == "indicator" else str(part)
            found[verdict_of(other)].append(name)
            yield (
                f"| {name} | {interval(model, 'crps_log')} | {other['crps_log']:.3f} | "
                f"{_difference(other)} | {interval(model, 'inside_80', '.2f')} | "
                f"`{best['forecaster']}` {best['crps_log']:.3f} |"
            )
        yield ""
        place = "in" if by == "indicator" else "at"
        said = [f"{_SAID[verdict]} {place} {', '.join(names)}" for verdict, names in found.items() if names]
        yield f"By {head} the model is {'; '.join(said)}."
