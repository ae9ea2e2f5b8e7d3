"""Words of ``check`` about the pack of a province, in Chinese and English."""

from __future__ import annotations

from typing import Final

from ...scenarios.provinces.names import chinese_name
from .phrases import Language, Phrase

PACK_WORDS: Final[dict[str, Phrase]] = {
    "is": Phrase(
        "Pack of {name} ({name_zh}); data to {last_year}", "{name_zh}（{name}）数据包，数据截至{last_year}年"
    ),
    "not_its_plan": Phrase(
        "The plan was written for {place}: its levers here are a thought experiment.",
        "行动方案是为{place}制定的：在此使用其政策工具只是思想实验。",
    ),
    "contracts": Phrase("Value of contracts sold is known for {years}.", "技术合同输出额已知年份：{years}。"),
    "contracts_none": Phrase("No value of contracts sold is known.", "没有任何年份的技术合同输出额。"),
    "series": Phrase(
        "Series: {count}, of which {whole} have every year that other provinces have.",
        "序列：{count}个，其中{whole}个不缺其他省份所有的年份。",
    ),
    "lacks": Phrase("  {indicator}: missing {years}", "  {indicator}：缺{years}"),
    "lacks_all": Phrase("  {indicator}: missing in every year", "  {indicator}：全部年份缺失"),
    "no_gdp": Phrase(
        "  gdp: none; public spending stands in for the gross product",
        "  gdp：没有；以财政支出代替地区生产总值",
    ),
    "observed": Phrase(
        "Compared with a run: {count} figures ({uses}).", "用于与模拟结果比较的数据：{count}个（{uses}）。"
    ),
    "parameters": Phrase(
        "Parameters of its own: {count}; stated here {own}, scaled or taken over {scaled}.",
        "本省参数：{count}个；自有依据{own}个，由他省推算或沿用{scaled}个。",
    ),
    "kind": Phrase("  {kind}: {names}", "  {kind}：{names}"),
    "places": Phrase(
        "Cities: {cities}; zones: {zones}; organisations known by name: {organisations}.",
        "城市{cities}个，园区{zones}个，有名称的机构{organisations}个。",
    ),
    "one_region": Phrase(
        "  Nothing is known by city: the province is one region.", "  没有分市数据：全省作为一个区域。"
    ),
    "kinds": Phrase("Kinds of source, with how many numbers: {kinds}.", "数据来源类别及数目：{kinds}。"),
    "posterior": Phrase("A fitted posterior comes with the package.", "软件附带该省经校准的后验分布。"),
    "no_posterior": Phrase(
        "No fitted posterior comes with the package: a forecast draws from priors.",
        "软件未附带该省的后验分布：预测取自先验分布。",
    ),
    "limit_no_fit": Phrase(
        "Limit: too few years of contracts sold to tell growth and registration from the level.",
        "局限：技术合同输出的年份太少，无法区分增长、登记与水平。",
    ),
    "limit_luck": Phrase(
        "Limit: so few contracts were sold in {last_year} that luck alone moves a year's value as much as "
        "three years of forecast error: what a run says of contracts is prior plus noise.",
        "局限：{last_year}年输出合同太少，仅偶然性就使年度合同额的波动达到三年预测误差的水平："
        "模拟的合同结果只是先验加噪声。",
    ),
}

KIND_WORDS: Final[dict[str, str]] = {
    "official statistic": "官方统计",
    "agency report": "机构报告",
    "agency report, quoted by the press": "机构报告（媒体引用）",
    "press": "新闻报道",
    "mirror or blog": "转载或博客",
    "action plan": "行动方案",
    "statistic": "统计",
    "study": "研究文献",
    "assumption": "假设",
    "scaled from another province": "由他省推算",
}
"""Chinese words of the kinds of source."""


def kind_words(kind: str, language: Language) -> str:
    """Name a kind of source.

    Examples
    --------
    >>> kind_words("scaled from shaanxi", "zh"), kind_words("press", "en")
    ('由陕西推算', 'press')
    """
    if language == "en":
        return kind
    for beginning, words in (("scaled from ", "由{place}推算"), ("as in ", "沿用{place}")):
        place = chinese_name(kind.removeprefix(beginning))
        if kind.startswith(beginning) and place is not None:
            return words.format(place=place)
    return KIND_WORDS.get(kind, kind)


def pack_text(key: str, language: Language, **fields: object) -> str:
    """Give one phrase in one language, its gaps filled.

    Examples
    --------
    >>> pack_text("lacks", "en", indicator="rd_basic", years="2012")
    '  rd_basic: missing 2012'
    """
    return str(getattr(PACK_WORDS[key], language)).format(**fields)
