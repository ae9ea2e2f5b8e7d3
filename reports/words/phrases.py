"""Words of figures, tables and messages in Chinese and English.

Names of targets, indicators and scenarios come with them (``title_en``, ``title_zh``); here stands what
lies around them. Terms of the plan are in :mod:`.glossary`, once.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


class Phrase(NamedTuple):
    """One meaning in both languages; ``{name}`` marks what is filled in."""

    en: str
    zh: str


WORDS: Final[dict[str, Phrase]] = {
    # table of targets
    "targets_heading": Phrase("Targets of the plan", "行动方案目标"),
    "target": Phrase("Target", "目标"),
    "goal": Phrase("Goal", "目标值"),
    "scenario": Phrase("Scenario", "情景"),
    "probability": Phrase("Probability", "实现概率"),
    "low": Phrase("5 %", "5%分位"),
    "median": Phrase("Median", "中位数"),
    "high": Phrase("95 %", "95%分位"),
    "first_year": Phrase("First met", "首次达到"),
    "remark": Phrase("Remark", "说明"),
    "not_modelled": Phrase("not modelled yet", "尚未建模"),
    "met_before": Phrase("met before the plan", "方案实施前已达到"),
    "no_visible_difference": Phrase('no visible difference from "{other}"', "与“{other}”无明显差异"),
    "not_identified": Phrase("not identified by data", "数据无法识别"),
    "never_by_half": Phrase("–", "–"),
    "beside_incubation_platforms": Phrase(
        "median {new} more than before the plan, closures deducted",
        "比方案实施前净增{new}家（中位数）",
    ),
    "beside_guidance_fund_committed": Phrase(
        "median total over government {total}, social over government {social}",
        "总规模与政府出资之比{total}，社会资本与政府出资之比{social}（中位数）",
    ),
    "by_year": Phrase("{goal} by {year}", "{goal}（{year}年）"),
    "target_and_goal": Phrase("{target}: {goal}", "{target}：{goal}"),
    "table_note": Phrase(
        "{futures} futures, each in every scenario; scale {scale}; seed {seed}. "
        "In brackets: 95 % interval of a probability, for its Monte-Carlo error only.",
        "共{futures}个未来，每个未来在各情景中各运行一次；规模{scale}；随机种子{seed}。括号内为概率的95%区间，仅反映蒙特卡洛误差。",
    ),
    "another_province": Phrase(
        "The plan was written for another province; its goals are shown here for comparison only.",
        "该方案为其他省份制定，此处所列目标仅供比较。",
    ),
    "province_is": Phrase("Province: {province}.", "省份：{province}。"),
    "failed_runs": Phrase("{failed} runs failed; see {file}.", "{failed}次运行失败，见{file}。"),
    "left_out": Phrase(
        "Left out of the uncertainty on purpose: {parts}. The ranges are no longer those of a forecast.",
        "有意略去了部分不确定性：{parts}。所列区间不再是完整预测的区间。",
    ),
    "other_rules": Phrase(
        "The discrepancy of the model was estimated with other rules than these: the ranges are those of"
        " an earlier version.",
        "模型偏差是用另一版规则估计的：所列区间属于较早版本。",
    ),
    "belief_prior": Phrase(
        "Parameters were drawn from priors: no calibration stands behind these ranges.",
        "参数取自先验分布：所列区间未经校准。",
    ),
    "belief_posterior": Phrase(
        "Parameters were drawn from a posterior, fitted to the observed years.",
        "参数取自后验分布，已按观测年份校准。",
    ),
    "own_rules": Phrase("Own rules: {rules}.", "使用了自定义规则：{rules}。"),
    "belief_own_rules": Phrase(
        "Parameters were drawn from a posterior that was fitted to other rules: the model's own.",
        "参数取自后验分布，但该分布是按模型原有规则校准的，与此处所用规则不同。",
    ),
    "belief_outdated": Phrase(
        "The posterior is of other rules, data or another province than these: renew it with `calibrate`,"
        " or draw from priors with `--belief prior`.",
        "后验分布所依据的规则、数据或省份与现在不同：请重新运行 calibrate，或用 --belief prior 取先验分布。",
    ),
    # figures
    "observed": Phrase("observed", "观测值"),
    "goal_line": Phrase("goal of {year}: {goal}", "{year}年目标：{goal}"),
    "plan_start": Phrase("plan starts", "方案开始"),
    "median_of": Phrase("{scenario}: median", "{scenario}：中位数"),
    "simulated": Phrase("simulated", "模拟"),
    "band_wide": Phrase("5–95 % of futures", "5%–95%的未来"),
    "band_narrow": Phrase("25–75 %", "25%–75%"),
    "title_with_unit": Phrase("{title} ({unit})", "{title}（{unit}）"),
    "overview_heading": Phrase("Simulated against observed", "模拟与观测对比"),
    "year": Phrase("year", "年份"),
    # units on axes and in tables
    "unit_1e8_yuan": Phrase("100 million yuan", "亿元"),
    "unit_1e9_yuan": Phrase("billion yuan", "十亿元"),
    "unit_1e6_yuan": Phrase("million yuan", "百万元"),
    "unit_1e4_yuan": Phrase("10 thousand yuan", "万元"),
    "unit_yuan": Phrase("yuan", "元"),
    "unit_count": Phrase("number", "个"),
    "unit_people": Phrase("people", "人"),
    "unit_contracts": Phrase("contracts", "项"),
    "unit_thousand_contracts": Phrase("thousand contracts", "千项"),
    "unit_10_thousand_contracts": Phrase("10 thousand contracts", "万项"),
    "unit_fraction": Phrase("fraction", "比例"),
    "unit_multiple": Phrase("multiple", "倍"),
    "per_year": Phrase("{unit} a year", "{unit}/年"),
    # command line
    "no_change_asked": Phrase("no change asked by the plan", "方案未要求改变"),
    "plan_starts_differ": Phrase(
        "The plan starts in {one} in one scenario and in {other} in the other; they part from the earlier "
        "quarter on, by timing too.",
        "两个情景的方案开始季度不同（{one}与{other}）；自较早的季度起两者即有差异，其中也包含时间先后的影响。",
    ),
    "written_to": Phrase("Written to {folder}", "结果已写入 {folder}"),
    "exported": Phrase("{size} written to {file}", "已写入 {file}（{size}）"),
    "figures_written": Phrase("{count} figures in {folder}", "共{count}幅图，位于 {folder}"),
}

TARGET_NOTES: Final[dict[str, Phrase]] = {
    "demonstration_institutions": Phrase(
        "The number certified at the end of 2017 is not known: no data identify this probability.",
        "2017年底已认定的机构数量未知，故该概率无法由数据识别。",
    ),
    "guidance_fund_committed": Phrase(
        "The plan gives the fund's 10 billion yuan no date; the end of 2020 is an assumption.",
        "行动方案未规定100亿元基金规模的完成时间；2020年底为假设。",
    ),
    "incubation_platforms": Phrase(
        "Incubators and maker spaces of all levels are counted.",
        "各级孵化器与众创空间均计入。",
    ),
    "trained_people": Phrase(
        "First certificates since 2016 are counted, those who left included.",
        "统计2016年以来首次取得证书的人数，含已离开者。",
    ),
}
"""What a reader of one target's row has to know; printed below the table."""

NOT_IDENTIFIED: Final = frozenset({"demonstration_institutions"})
"""Targets whose starting level no published number gives (MODEL.md, "What exactly is counted")."""


def say(key: str, language: Language, **fields: object) -> str:
    """Give one phrase in one language.

    Parameters
    ----------
    key : str
        Key of ``WORDS``.
    language : {'zh', 'en'}
        Language wanted.
    **fields
        What fills the phrase's gaps.

    Returns
    -------
    str
        The phrase.

    Raises
    ------
    KeyError
        If the key or a field is missing: a defect, which the tests look for.
    """
    return in_language(WORDS[key], language).format(**fields)


def in_language(phrase: Phrase, language: Language) -> str:
    """Give a phrase in one language, gaps and all."""
    return str(getattr(phrase, language))


def title_of(thing: object, language: Language) -> str:
    """Give the name of a target, an indicator or a scenario, all of which carry it in both languages."""
    return str(getattr(thing, f"title_{language}"))


def note_of(target: str, language: Language) -> str | None:
    """Give what a reader of this target has to know, or None."""
    note = TARGET_NOTES.get(target)
    return None if note is None else str(getattr(note, language))
