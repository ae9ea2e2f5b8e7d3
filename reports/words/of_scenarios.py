"""Words of ``check`` and ``explain``, in Chinese and English."""

from __future__ import annotations

from typing import Final

from .amounts import amount, number
from .phrases import Language, Phrase

SCENARIO_WORDS: Final[dict[str, Phrase]] = {
    # check
    "in_order": Phrase("{file}: in order", "{file}：无误"),
    "lies_on": Phrase(
        "{name} lies on {base}; {province}, {start} to {end}",
        "{name}以{base}为基准；{province}，{start}至{end}",
    ),
    "with_overlays": Phrase("overlays: {overlays}", "覆盖层：{overlays}"),
    "no_difference": Phrase("It differs from {base} in nothing.", "与{base}没有差异。"),
    "differences": Phrase("It differs from {base} in this:", "与{base}的差异："),
    "field": Phrase("{name}: {this} instead of {other}", "{name}：{this}（基准为{other}）"),
    "parameter": Phrase(
        "parameter {name}, {title}: {this} instead of {other}",
        "参数{name}（{title}）：{this}（基准为{other}）",
    ),
    "lever": Phrase("{task}, {title} ({lever}): {what}", "{task}，{title}（{lever}）：{what}"),
    "from_on": Phrase("from {first} on {this} instead of {other}", "自{first}起为{this}（基准为{other}）"),
    "from_to": Phrase(
        "from {first} to {last} {this} instead of {other}", "{first}至{last}为{this}（基准为{other}）"
    ),
    "in_quarter": Phrase("in {first} {this} instead of {other}", "{first}为{this}（基准为{other}）"),
    "many_from_on": Phrase(
        "changes from {first} on, in the end {this} instead of {other}",
        "自{first}起变化，最终为{this}（基准为{other}）",
    ),
    "many_from_to": Phrase("differs from {first} to {last}", "{first}至{last}有差异"),
    "other_plan_start": Phrase(
        "The plan starts in another quarter than in {base}: the two are the same world only until the "
        "earlier of the two, and whatever stands for one quarter differs by timing too.",
        "方案开始季度与{base}不同：两者仅在较早的开始季度之前完全相同，此后的差异也包含时间先后的影响。",
    ),
    "other_quarters": Phrase(
        "It does not cover the same time as {base}; the two cannot be compared in one forecast.",
        "与{base}的时间范围不同，不能放在同一次预测中比较。",
    ),
    "costs_heading": Phrase(
        "Declared cost above no_plan, million yuan (budgets in yuan a year, and administration):",
        "申报成本（相对无方案，万元；含年度预算与管理费用）：",
    ),
    "no_cost": Phrase("It declares no cost above no_plan.", "相对无方案没有申报成本。"),
    "year": Phrase("year", "年份"),
    "budget": Phrase("budgets", "预算"),
    "administration": Phrase("administration", "管理费用"),
    "sum": Phrase("sum", "合计"),
    "more_than": Phrase("more than {base}", "比{base}多"),
    "total": Phrase("total", "总计"),
    "acts_with": Phrase(
        "{lever} has no effect here: it acts only with {needs}, which is nil throughout.",
        "{lever}在此不起作用：须与{needs}配合，而后者始终为零。",
    ),
    "too_small": Phrase(
        "{lever} has no effect here: {total} in all until {end} do not pay for one grant of {smallest}.",
        "{lever}在此不起作用：至{end}共{total}，不足一笔资助（{smallest}）。",
    ),
    "by_running": Phrase(
        "Only a run can tell what is really paid out of these budgets (vouchers redeemed, losses borne), "
        "what comes back, and what these levers cost, which are not counted in yuan a year: {levers}.",
        "预算的实际支出（创新券兑付、风险损失）、回收资金，以及下列不以“元/年”计的工具的成本，"
        "只有运行模型后才能得知：{levers}。",
    ),
    "by_running_nothing": Phrase(
        "Only a run can tell what is really paid out of these budgets (vouchers redeemed, losses borne), "
        "and what comes back.",
        "预算的实际支出（创新券兑付、风险损失）和回收资金，只有运行模型后才能得知。",
    ),
    # explain
    "task": Phrase("task {number}", "任务{number}"),
    "measure": Phrase("measure of organisation {number}", "组织措施{number}"),
    "agencies": Phrase("agencies: {agencies}", "责任单位：{agencies}"),
    "quote": Phrase("Words of the plan: “{quote}”", "方案原文：“{quote}”"),
    "kind_plan": Phrase("The task's own text gives the number.", "数值由该任务原文给出。"),
    "kind_statistic": Phrase("The number is a published statistic.", "数值来自已公布的统计。"),
    "kind_assumption": Phrase("The number is an assumption.", "数值为假设。"),
    "source": Phrase("Source: {reference}", "依据：{reference}"),
    "rule": Phrase("Rule: {rule} — {sentence}", "规则：{rule} — {sentence}"),
    "rule_absent": Phrase("Rule: {rule} cannot be found.", "规则：未找到{rule}。"),
    "indicator": Phrase("Moves first: {indicator} ({title})", "首先影响：{indicator}（{title}）"),
    "without_the_plan": Phrase("Without the plan: {path}", "无方案：{path}"),
    "with_the_plan": Phrase("With the plan: {path}", "有方案：{path}"),
    "no_change": Phrase("The plan asks for no other value.", "方案未要求改变该数值。"),
    "from": Phrase("{first}: {value}", "{first}：{value}"),
    "bounds": Phrase("Allowed: {low} to {high}", "允许范围：{low}至{high}"),
    "cost": Phrase(
        "Declared cost of the plan above no_plan, paid by the {payer}: {costs}",
        "方案相对无方案的申报成本，由{payer}承担：{costs}",
    ),
    "cost_none": Phrase(
        "No cost is declared; what it costs follows from the rules and is known by running.",
        "未申报成本；其成本由规则产生，运行后得知。",
    ),
    "cost_of_year": Phrase(
        "{year} budget {budget}, administration {administration}",
        "{year}年预算{budget}、管理费用{administration}",
    ),
    "province": Phrase("province", "省级财政"),
    "city": Phrase("city", "市级财政"),
    "note": Phrase("Note: {note}", "说明：{note}"),
    "effects": Phrase("What it moved in the reference table ({file}):", "参考表中的影响（{file}）："),
    "effects_absent": Phrase(
        "What it moved: the reference table {file} has not been made yet.", "影响：参考表{file}尚未生成。"
    ),
    "effects_no_row": Phrase(
        "What it moved: the reference table {file} has no row for it.", "影响：参考表{file}中没有该工具。"
    ),
    "effects_unreadable": Phrase(
        "What it moved: the reference table {file} cannot be read ({problem}).",
        "影响：参考表{file}无法读取（{problem}）。",
    ),
    "effect": Phrase(
        "{scenario} {indicator} {year}: {median} ({low} to {high}){more}",
        "{scenario} {indicator} {year}年：{median}（{low}至{high}）{more}",
    ),
    "futures": Phrase("{futures} futures", "{futures}个未来"),
    "net_cost": Phrase("net cost {cost}", "净成本{cost}"),
    "levers_of_task": Phrase("Its levers:", "该任务的政策工具："),
    "no_lever": Phrase("No lever stands for it yet.", "尚无对应的政策工具。"),
    "on": Phrase("on", "启用"),
    "off": Phrase("off", "不启用"),
    "a_year": Phrase("{value} a year", "每年{value}"),
    "template_written": Phrase(
        "{file} written; every lever stands in it, and it differs from {base} in nothing yet.",
        "已写入{file}；其中列出全部政策工具，目前与{base}没有差异。",
    ),
}


def scenario_text(key: str, language: Language, **fields: object) -> str:
    """Give one phrase in one language, its gaps filled.

    Examples
    --------
    >>> scenario_text("task", "en", number=22)
    'task 22'
    """
    return str(getattr(SCENARIO_WORDS[key], language)).format(**fields)


def task_words(selector: str, language: Language) -> str:
    """Name a task as a person says it.

    Examples
    --------
    >>> task_words("organisation_2", "en"), task_words("task_05", "zh")
    ('measure of organisation 2', '任务5')
    """
    kind, _, number_of_it = selector.partition("_")
    return scenario_text("task" if kind == "task" else "measure", language, number=int(number_of_it))


def level(value: float, unit: str, language: Language) -> str:
    """Write a lever's value with its unit.

    Examples
    --------
    >>> level(2e7, "yuan/year", "en"), level(0.125, "fraction", "en"), level(15, "count/year", "zh")
    ('20 million yuan a year', '0.125', '每年15')
    >>> level(1.0, "switch", "en")
    'on'
    """
    base, _, per = unit.partition("/")
    if unit == "switch" and value in (0.0, 1.0):
        return scenario_text("on" if value else "off", language)
    if base in ("fraction", "switch", "points") or (base == "count" and not per):
        return f"{value:.4g}" if abs(value) < 1000 else number(value)
    if base == "count":
        return scenario_text("a_year", language, value=number(value))
    return amount(value, unit, language)
