"""Words of ``sensitivity``, in Chinese and English, and the names of mechanisms."""

from __future__ import annotations

from typing import Final

from .of_scenarios import task_words
from .phrases import Language, Phrase

SENSITIVITY_WORDS: Final[dict[str, Phrase]] = {
    # before the start
    "pilot": Phrase(
        "{method}: {factors} factors, {points} points, up to {futures} futures at each: up to {runs} runs."
        " A pilot of {left} of them comes first; it tells how many futures are needed.",
        "{method}：{factors}个因素，{points}个设计点，每点至多{futures}个未来，共至多{runs}次运行。"
        "先做其中{left}次作为预试，以确定所需的未来个数。",
    ),
    "start": Phrase(
        "{points} points in {futures} futures: {runs} runs, {left} of them left, about {time}.",
        "{points}个设计点，{futures}个未来：共{runs}次运行，尚余{left}次，约需{time}。",
    ),
    "foreseen": Phrase(
        "Luck will be {luck} of the variance of the means of: {title}.",
        "预计偶然性在均值方差中的占比：{title}为{luck}。",
    ),
    "foreseen_constant": Phrase(
        "The same at all points of the pilot: {title}.", "在预试的所有设计点上都相同：{title}。"
    ),
    "capped": Phrase(
        "More futures would be needed to keep luck under 5 % everywhere; ask for them with --seeds.",
        "要使各目标的偶然性都低于5%，需要更多的未来；可用--seeds指定。",
    ),
    "dry_run": Phrase(
        "Nothing was run. {factors} factors, {points} points; with {few} to {many} futures {least} to {most} "
        "runs, about {short} to {long}.",
        "未做任何运行。{factors}个因素，{points}个设计点；取{few}至{many}个未来，共{least}至{most}次运行，"
        "约需{short}至{long}。",
    ),
    "seconds": Phrase("{number} s", "{number}秒"),
    "minutes": Phrase("{number} min", "{number}分钟"),
    "hours": Phrase("{number} h", "{number}小时"),
    # sentences
    "sobol_all": Phrase(
        "Of the variance of “{title}” in {year}, {parts}; {luck}.",
        "“{title}”（{year}年）的方差中，{parts}；{luck}。",
    ),
    "sobol_first": Phrase(
        "{share} ({low}–{high}) comes from “{name}”", "{share}（{low}–{high}）来自“{name}”"
    ),
    "sobol_next": Phrase("{share} ({low}–{high}) from “{name}”", "{share}（{low}–{high}）来自“{name}”"),
    "sobol_none": Phrase(
        "Of the variance of “{title}” in {year} no factor alone has a share that can be told from nothing; "
        "{luck}.",
        "“{title}”（{year}年）的方差中，没有任何单一因素的份额能与零区分；{luck}。",
    ),
    "morris_all": Phrase(
        "Over their ranges the factors that move “{title}” in {year} most are {parts}; {luck}.",
        "“{title}”（{year}年）受以下因素在其范围内变动的影响最大：{parts}；{luck}。",
    ),
    "morris_part": Phrase(
        "“{name}” (by {value} on average, {low} to {high})", "“{name}”（平均{value}，{low}至{high}）"
    ),
    "morris_none": Phrase(
        "No factor moves “{title}” in {year} over its range by more than luck alone would show; {luck}.",
        "没有因素在其范围内变动时对“{title}”（{year}年）的影响超过偶然性；{luck}。",
    ),
    "pawn_all": Phrase(
        "The distribution of “{title}” in {year} depends most on {parts}; a factor that does nothing gets "
        "{nothing}; {luck}.",
        "“{title}”（{year}年）的分布最取决于{parts}；毫无作用的因素也会得到{nothing}；{luck}。",
    ),
    "pawn_part": Phrase(
        "“{name}” (distance {value}, {low} to {high})", "“{name}”（距离{value}，{low}至{high}）"
    ),
    "pawn_none": Phrase(
        "The distribution of “{title}” in {year} depends on no factor more than on one that does nothing "
        "({nothing}); {luck}.",
        "“{title}”（{year}年）的分布对任何因素的依赖都不超过毫无作用的因素（{nothing}）；{luck}。",
    ),
    "luck_is": Phrase("luck is {share}", "偶然性占{share}"),
    "luck_much": Phrase(
        "luck is {share}, too much for a firm order: more futures are needed",
        "偶然性占{share}，过大而无法确定先后：需要更多的未来",
    ),
    "all_luck": Phrase(
        "“{title}” in {year} is not moved visibly by anything that was varied: its differences between "
        "points are luck.",
        "所变动的因素对“{title}”（{year}年）没有可见的影响：各设计点之间的差异都是偶然性。",
    ),
    "constant": Phrase(
        "“{title}” in {year} is {value} at all {points} points: nothing that was varied moves it.",
        "“{title}”（{year}年）在全部{points}个设计点上都是{value}：所变动的因素都不影响它。",
    ),
    "and_list": Phrase(" and ", "和"),
    "comma": Phrase(", ", "，"),
    # figures
    "luck": Phrase("luck", "偶然性"),
    "sobol_heading": Phrase(
        "{title}, {year}: where its variance comes from", "{title}（{year}年）：方差的来源"
    ),
    "morris_heading": Phrase(
        "{title}, {year}: effect over a factor's range", "{title}（{year}年）：因素在其范围内的效应"
    ),
    "pawn_heading": Phrase(
        "{title}, {year}: effect on its distribution", "{title}（{year}年）：对分布的影响"
    ),
    "plane_heading": Phrase(
        "{title}, {year}: size and unevenness of effects", "{title}（{year}年）：效应的大小与不均匀程度"
    ),
    "settling_heading": Phrase(
        "{title}, {year}: indices as the design grows", "{title}（{year}年）：指标随样本量的变化"
    ),
    "S1": Phrase("alone (first order)", "单独作用（一阶）"),
    "ST": Phrase("with all it does together with others (total)", "含与其他因素的共同作用（总效应）"),
    "mu_star": Phrase("mean size of the effect", "效应的平均大小"),
    "pawn_median": Phrase("median distance between distributions", "分布间距离的中位数"),
    "share_of_variance": Phrase("share of the variance", "占方差的比例"),
    "sigma": Phrase("spread of the effect over the other factors", "效应随其他因素的离散程度"),
    "even_line": Phrase("spread equal to size", "离散程度等于大小"),
    "luck_line": Phrase("what luck alone would show", "仅由偶然性产生的大小"),
    "size_morris": Phrase("trajectories", "轨迹数"),
    "size_sobol": Phrase("base points", "基础样本点数"),
    "size_pawn": Phrase("points", "设计点数"),
    "note": Phrase(
        "{points} points, {futures} futures at each; bars: 95 % intervals",
        "{points}个设计点，每点{futures}个未来；误差线为95%区间",
    ),
    "with_unit": Phrase("{what} ({unit})", "{what}（{unit}）"),
}

MECHANISMS: Final[dict[str, Phrase]] = {
    "broker": Phrase("brokers", "技术经纪机构"),
    "capacity": Phrase("places and people", "平台与人才"),
    "certification": Phrase("certification of firms", "高新技术企业认定"),
    "contracting": Phrase("contracting", "合同订立"),
    "demonstration": Phrase("demonstration institutions", "示范机构"),
    "disclosure": Phrase("disclosure of results", "成果披露"),
    "entry": Phrase("entry of firms", "企业进入"),
    "finance": Phrase("finance", "金融"),
    "fund": Phrase("funds", "基金"),
    "government": Phrase("government", "政府"),
    "grants": Phrase("grants", "补助"),
    "incubation": Phrase("incubation", "孵化"),
    "loan": Phrase("loans", "贷款"),
    "market": Phrase("market", "市场"),
    "matching": Phrase("matching", "供需匹配"),
    "maturing": Phrase("maturing of results", "成果成熟"),
    "needs": Phrase("needs of firms", "企业需求"),
    "outside": Phrase("the outside world", "外部环境"),
    "policy": Phrase("strength of policy", "政策作用强度"),
    "population": Phrase("population of firms", "企业总体"),
    "registration": Phrase("registration of contracts", "合同登记"),
    "research": Phrase("research", "研发"),
    "results": Phrase("results", "成果"),
    "space": Phrase("distance", "空间距离"),
    "steering": Phrase("chances that policy shifts", "政策改变的概率"),
    "support_programmes": Phrase("programmes that support contracts", "支持合同的项目"),
    "training": Phrase("training", "人才培养"),
    "treasury": Phrase("treasury", "财政"),
    "voucher": Phrase("vouchers", "创新券"),
}
"""Mechanisms of parameters and, for levers, files of the rules that read them."""


def sensitivity_text(key: str, language: Language, **fields: object) -> str:
    """Give one phrase in one language, its gaps filled.

    Examples
    --------
    >>> sensitivity_text("luck_is", "en", share="3 %")
    'luck is 3 %'
    """
    return str(getattr(SENSITIVITY_WORDS[key], language)).format(**fields)


def group_words(group: str, language: Language) -> str:
    """Name a group of factors as a person says it.

    Examples
    --------
    >>> group_words("task_21", "en"), group_words("loan", "zh")
    ('task 21', '贷款')
    """
    if group.startswith(("task_", "organisation_")):
        return task_words(group, language)
    return str(getattr(MECHANISMS[group], language)) if group in MECHANISMS else group


def percent(share: float, language: Language) -> str:
    """Write a share for a sentence; data hold fractions.

    Examples
    --------
    >>> percent(0.614, "en"), percent(0.004, "en"), percent(-0.01, "zh")
    ('61 %', '0.4 %', '0%')
    """
    number = 100.0 * min(max(share, 0.0), 1.0)
    digits = f"{number:.1f}" if 0.05 <= number < 1.0 else f"{number:.0f}"
    return f"{digits}%" if language == "zh" else f"{digits} %"


def duration(seconds: float, language: Language) -> str:
    """Write a time as a person says it.

    Examples
    --------
    >>> duration(42, "en"), duration(900, "zh"), duration(9000, "en")
    ('42 s', '15分钟', '2.5 h')
    """
    if seconds < 90:
        return sensitivity_text("seconds", language, number=f"{seconds:.0f}")
    if seconds < 5400:
        return sensitivity_text("minutes", language, number=f"{seconds / 60:.0f}")
    return sensitivity_text("hours", language, number=f"{seconds / 3600:.1f}")
