"""What is said of frozen forecasts and their scores, in Chinese and English."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .phrases import Language, Phrase, in_language

if TYPE_CHECKING:
    import pandas as pd

    from ...experiments.freezing.read_frozen import Frozen
    from ...experiments.score import Scored

WORDS: Final[dict[str, Phrase]] = {
    "frozen": Phrase(
        "Frozen in {file}; its checksum is {checksum}. Publish the checksum: it proves later that this is "
        "the file.",
        "已冻结于 {file}；校验和为 {checksum}。请公布校验和，以便日后证明文件未变。",
    ),
    "head": Phrase(
        "{province}: frozen with figures up to {until}, {futures} futures, judged in {scenario} "
        "({because}); checksum {checksum}",
        "{province}：以截至{until}年的数据冻结，{futures}个未来，按情景{scenario}评判（{because}）；"
        "校验和 {checksum}",
    ),
    "judged_only": Phrase("the only one", "仅此一个情景"),
    "judged_decided": Phrase(
        "the forecast of what was decided; the other is its counterfactual",
        "已决定实施的方案；另一情景为反事实",
    ),
    "judged_not_decided": Phrase(
        "the plan was written for another province and not decided here",
        "该方案为其他省份制定，本省未作此决定",
    ),
    "shared": Phrase(
        "Figures that every forecaster forecast (logarithms; lower is better; bands: share inside)",
        "所有预测者均有预测的指标（对数尺度，越小越好；区间列为落入比例）",
    ),
    "not_shared": Phrase(
        "Figures that not every forecaster forecast: no comparison",
        "并非所有预测者都有预测的指标：不作比较",
    ),
    "beside": Phrase(
        "The model's scenarios that were not chosen to be judged, for the record",
        "模型中未被选定评判的情景，仅供记录",
    ),
    "targets": Phrase(
        "Targets: Brier score of the frozen probability (0 best, 0.25 says nothing)",
        "目标：冻结概率的Brier评分（0最佳，0.25等于未作判断）",
    ),
    "targets_of_another": Phrase(
        "Goals that were set for another province: far from or far below the level here, they say little",
        "为其他省份设定的目标：与本省水平相差较大时，评分意义有限",
    ),
    "few": Phrase(
        "{points} points a forecaster: {figures} observed figures of {provinces} province(s) and {years} "
        "year(s), forecast from one origin. Points of one year or province miss together. Even if they did "
        "not, a coverage of 0.80 would be known as {low:.2f} to {high:.2f} only: this can show that a "
        "forecaster is badly wrong, not which of two good ones is better.",
        "每个预测者{points}个点：{provinces}个省份、{years}个年份的{figures}个观测值，均自同一年份预测。同一年份或省份"
        "的点并不独立；即使独立，0.80的覆盖率也只能确定在{low:.2f}至{high:.2f}之间：可以看出预测者是否严重失误，"
        "不足以分辨两个好的预测者孰优。",
    ),
    "few_targets": Phrase(
        "{forecasts} target(s) with an outcome: a Brier score of so few says whether a probability was badly "
        "wrong, and nothing of calibration. Rivals have a probability for targets with a yearly series only.",
        "共{forecasts}个目标有结果：如此少的Brier评分只能说明概率是否严重失误，不能说明校准程度。"
        "比较方法仅对有年度序列的目标给出概率。",
    ),
    "not_scored": Phrase(
        "Not scored: {count} figure(s), {reason}: {examples}", "未评分：{count}个，{reason}：{examples}"
    ),
    "far": Phrase(
        "{province} {indicator} {year}: {observed:g} is more than a thousand times away from the frozen "
        "median {median:.4g}; is it in {unit}?",
        "{province} {indicator} {year}：{observed:g}与冻结的中位数{median:.4g}相差千倍以上，"
        "单位是否为{unit}？",
    ),
    "already known when the forecast was frozen": Phrase(
        "already known when the forecast was frozen", "冻结时已知"
    ),
    "beyond the years that were forecast": Phrase("beyond the years that were forecast", "超出预测年份"),
    "an indicator that was not frozen": Phrase("an indicator that was not frozen", "该指标未被冻结"),
    "a province without a frozen forecast here": Phrase(
        "a province without a frozen forecast here", "该省份没有给出冻结的预测"
    ),
    "some frozen draws are zero and have no logarithm": Phrase(
        "some frozen draws of the model are zero and have no logarithm", "模型部分抽样为零，无法取对数"
    ),
    "prior": Phrase(
        "{province}: parameters were drawn from priors: no calibration stood behind this forecast.",
        "{province}：参数取自先验分布，预测未经校准。",
    ),
    "outdated": Phrase(
        "{province}: the posterior was made before {changed} changed.",
        "{province}：后验分布所依据的{changed}其后有变。",
    ),
    "no_discrepancy": Phrase(
        "{province}: no discrepancy of the model was known: the bands are those of the model alone.",
        "{province}：当时没有模型偏差估计，区间仅为模型自身的区间。",
    ),
    "discrepancy_of_other_rules": Phrase(
        "{province}: the discrepancy was estimated with other rules.",
        "{province}：模型偏差是用另一版规则估计的。",
    ),
    "without": Phrase(
        "{province}: left out of the uncertainty on purpose: {parts}.",
        "{province}：有意略去的不确定性：{parts}。",
    ),
    "conditional": Phrase(
        "{province}: conditional on outside paths from a file; what that file knew is not checked.",
        "{province}：以文件给定的外部路径为条件；未检查该文件包含哪些信息。",
    ),
    "rivals_left_out": Phrase(
        "{province}: rivals that could not forecast: {rivals}.",
        "{province}：无法给出预测的比较方法：{rivals}。",
    ),
    "written": Phrase("Written to {folder}: {files}", "已写入 {folder}：{files}"),
}

_EXAMPLES: Final = 5
_FAR: Final = math.log(1000.0)


def frozen_line(file: Path, language: Language) -> str:
    """Say where a forecast was frozen, and its checksum."""
    from ...experiments.freezing.sealed_zip import read_archive

    return in_language(WORDS["frozen"], language).format(file=file, checksum=read_archive(file)[1])


def head_lines(frozen: tuple[Frozen, ...], language: Language) -> Iterator[str]:
    """Say of each frozen forecast what it is."""
    for one in frozen:
        yield in_language(WORDS["head"], language).format(
            province=one.province,
            until=one.origin,
            futures=one.manifest["futures"],
            scenario=one.judged,
            because=in_language(WORDS[f"judged_{one.manifest['judged_because']['key']}"], language),
            checksum=one.checksum,
        )


def remarks(frozen: tuple[Frozen, ...], language: Language) -> Iterator[str]:
    """Say of each frozen forecast what a reader has to know before believing its scores."""
    for one in frozen:
        for key, fields in _remarks(one):
            yield in_language(WORDS[key], language).format(province=one.province, **fields)


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
    """Say on how few points the comparison stands.

    Parameters
    ----------
    scores : DataFrame
        Judged rows of figures that all forecast; not empty.
    """
    from ...experiments.forecasting.target_and_indicator_tables import wilson_interval

    points = int(scores.groupby("forecaster").size().max())
    low, high = wilson_interval(round(0.8 * points), points)
    return in_language(WORDS["few"], language).format(
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
    units = {one.province: one.units for one in scored.frozen}
    for row in mine[mine["abs_log_error"] > _FAR].to_dict("records"):
        fields = {name: row[name] for name in ("province", "indicator", "year", "observed", "median")}
        unit = units[row["province"]][row["indicator"]]
        yield in_language(WORDS["far"], language).format(**fields, unit=unit)


def not_scored_lines(scored: Scored, language: Language) -> Iterator[str]:
    """Tell of observed figures without a score, by reason, with the first few of each."""
    for reason, mine in scored.not_scored.groupby("reason", sort=False):
        named = [
            f"{row['province']} {row['indicator']} {row['year']}"
            for row in mine.head(_EXAMPLES).to_dict("records")
        ]
        more = ", ..." if len(mine) > _EXAMPLES else ""
        yield in_language(WORDS["not_scored"], language).format(
            count=len(mine),
            reason=in_language(WORDS[str(reason)], language),
            examples=", ".join(named) + more,
        )
