"""What stands in an experiment's tables, for colleagues who read them without this package."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..words.phrases import Phrase

if TYPE_CHECKING:
    from ...experiments.planning.definitions import Definitions

COLUMNS: Final = (
    "table",
    "column",
    "indicator",
    "unit",
    "kind",
    "title_en",
    "title_zh",
    "definition_en",
    "definition_zh",
)
"""Columns of the dictionary: a row tells of a column of a table, or of an indicator."""

_RUN: Final[dict[str, tuple[str, Phrase]]] = {
    "run_id": ("", Phrase("name of the run, unique over scenarios", "运行名称，在各情景间唯一")),
    "scenario": ("", Phrase("name of the scenario", "情景名称")),
    "future": (
        "",
        Phrase(
            "number of the future; the same number is the same draw of parameters, outside paths and luck "
            "in every scenario",
            "未来的编号；同一编号在各情景中对应相同的参数抽样、外部路径与随机因素",
        ),
    ),
    "seed": ("", Phrase("random seed of the future", "该未来的随机种子")),
}

_ROWS: Final[dict[str, tuple[str, Phrase]]] = {
    **_RUN,
    "year": ("year", Phrase("calendar year", "公历年份")),
    "quarter": ("quarter", Phrase("quarter of the year, 1 to 4", "季度，1至4")),
    "indicator": (
        "",
        Phrase("name of the indicator; a city stands behind a dot", "指标名称；城市名在点号之后"),
    ),
    "value": (
        "of the indicator",
        Phrase(
            "a flow is the quarter's own, a stock its value at the quarter's end",
            "流量为当季值，存量为季末值",
        ),
    ),
}

_PROBABILITY: Final = "fraction"
_OF_TARGET: Final = "of the target"

_QUANTILE: Final = Phrase(
    "quantile over futures: {percent} % lie below", "各未来的分位数：{percent}%低于此值"
)


def _quantiles(percents: Iterable[int], unit: str) -> dict[str, tuple[str, Phrase]]:
    return {
        f"q{percent:02d}": (unit, Phrase(*(text.format(percent=percent) for text in _QUANTILE)))
        for percent in percents
    }


_TARGETS: Final[dict[str, tuple[str, Phrase]]] = {
    "scenario": _RUN["scenario"],
    "target": ("", Phrase("name of the target", "目标名称")),
    "unit": ("", Phrase("unit of goal and quantiles", "目标值与分位数的单位")),
    "goal": (_OF_TARGET, Phrase("value to be reached in the target's year", "目标年份应达到的数值")),
    "probability": (
        _PROBABILITY,
        Phrase("share of futures in which the goal is met", "达到目标的未来所占比例"),
    ),
    "probability_low": (
        _PROBABILITY,
        Phrase(
            "lower end of its 95 % Wilson interval (Monte-Carlo error)", "95%威尔逊区间下限（蒙特卡洛误差）"
        ),
    ),
    "probability_high": (
        _PROBABILITY,
        Phrase(
            "upper end of its 95 % Wilson interval (Monte-Carlo error)", "95%威尔逊区间上限（蒙特卡洛误差）"
        ),
    ),
    **_quantiles((5, 25, 50, 75, 95), _OF_TARGET),
    "first_year_median": (
        "year",
        Phrase(
            "first year by which more than half of the futures have met the goal; empty if never",
            "半数以上未来首次达到目标的年份；从未达到则为空",
        ),
    ),
}

_INDICATORS: Final[dict[str, tuple[str, Phrase]]] = {
    "scenario": _RUN["scenario"],
    "indicator": _ROWS["indicator"],
    "unit": ("", Phrase("unit of the quantiles and the mean", "分位数与均值的单位")),
    "year": (
        "year",
        Phrase(
            "calendar year: flows are summed, stocks are the year's end, ratios the mean of the quarters",
            "公历年份：流量为全年合计，存量为年末值，比率为各季均值",
        ),
    ),
    **_quantiles((5, 10, 25, 50, 75, 90, 95), "of the indicator"),
    "mean": ("of the indicator", Phrase("mean over futures", "各未来的均值")),
    "runs": ("count", Phrase("futures that ended well", "正常结束的未来数")),
}

_FAILURES: Final[dict[str, tuple[str, Phrase]]] = {
    **_RUN,
    "kind": ("", Phrase("in which way the run failed", "失败类别")),
    "message": ("", Phrase("what happened, and where", "失败原因与位置")),
    "replay": ("", Phrase("command that makes the run again", "重新运行该次的命令")),
}

_YEARS: Final[dict[str, tuple[str, Phrase]]] = {
    **{name: entry for name, entry in _ROWS.items() if name not in ("quarter", "seed", "value")},
    "year": _INDICATORS["year"],
    "value": (
        "of the indicator",
        Phrase(
            "the year's value; years of fewer than four quarters are left out",
            "全年数值；不足四个季度的年份略去",
        ),
    ),
}

_MANIFEST: Final[dict[str, tuple[str, Phrase]]] = {
    "entry": (
        "",
        Phrase("dotted name of an entry of manifest.json", "manifest.json中条目的名称，层级以点号分隔"),
    ),
    "value": ("", Phrase("what it says", "条目内容")),
}

TABLES: Final[dict[str, dict[str, tuple[str, Phrase]]]] = {
    "targets": _TARGETS,
    "indicators": _INDICATORS,
    "failures": _FAILURES,
    "runs": _ROWS,
    "predictive": _ROWS,
    "years": _YEARS,
    "manifest": _MANIFEST,
}
"""Unit and meaning of each column, by table and column."""


def column_rows(tables: Iterable[str]) -> pd.DataFrame:
    """List the columns of some tables, in the form of `COLUMNS`."""
    rows = [
        (table, column, "", unit, "", "", "", meaning.en, meaning.zh)
        for table in tables
        for column, (unit, meaning) in TABLES[table].items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def indicator_rows(names: Iterable[str], definitions: Definitions, cities: dict[str, str]) -> pd.DataFrame:
    """List indicators, in the form of `COLUMNS`.

    Parameters
    ----------
    names : iterable of str
        As they stand in the rows; ``contract_value_output.xian`` is one city's.
    definitions : Definitions
        Of the model: with titles and definitions beside unit and kind.
    cities : dict
        Chinese name of each city by its name.
    """
    rows = []
    for name in names:
        of = definitions.of(name)
        city = name.partition(".")[2]
        title_en, title_zh = str(getattr(of, "title_en", name)), str(getattr(of, "title_zh", name))
        if city:
            title_en, title_zh = f"{title_en}: {city}", f"{title_zh}：{cities.get(city, city)}"
        meanings = (str(getattr(of, "definition", "")), str(getattr(of, "definition_zh", "")))
        rows.append(("", "", name, of.unit, of.kind, title_en, title_zh, *meanings))
    return pd.DataFrame(rows, columns=list(COLUMNS))
