"""Find things by what a person calls them: names, titles, parts of titles, traditional characters."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple

__all__ = ["Found", "plainly", "search"]

_NEAR: Final = 0.6
_AS_NEAR: Final = 0.1
"""A name is shown beside the nearest one if its likeness is smaller by no more than this."""

_MOST: Final = 5

_TRADITIONAL: Final = (
    "佈佔來係個傢傭傳僅價儀償優兌內兩凈創劃動務勵匯區協厤參員單噹嚮囌國園埰報場壯夥奬寀實寧專對導峯崗"
    "帥師帶庫廣強彈彙後徑從復徵態慶應懞戰戶掛採揮損擇擊擔敗數於旣昇時晉曆曉曏會朮東條業構標機橫檢檯檻"
    "權歷決沖淨減測準滙滯滿潛潤濛無營爾獎獨獲現環產産甦甯當發眾矇確種稱穫筆箇範簽籌籤紀約納級終組結絡"
    "統經維網縣縮總績織繫繳續纍纔義聯職肅脩臺與舉萬蓋蔘薦蘇處衆術衕衝補製複規觀訂計訓託記設許註証評詢"
    "試認調請諮謂證識護讓財貫貴買貸費貼資賣質購賽軍輸轉辦迴週進運過達違遞遲選遼銀銜銷鏈長門閉開間閤關"
    "陝陞際隨險隻雙離難雲靜韆響項預領題額願類顯風颱飛養餘駐驅驗體髮麪麫麵點齡齣龍"
)
_SIMPLIFIED: Final = (
    "布占来系个家佣传仅价仪偿优兑内两净创划动务励汇区协历参员单当向苏国园采报场壮伙奖采实宁专对导峰岗"
    "帅师带库广强弹汇后径从复征态庆应蒙战户挂采挥损择击担败数于既升时晋历晓向会术东条业构标机横检台槛"
    "权历决冲净减测准汇滞满潜润蒙无营尔奖独获现环产产苏宁当发众蒙确种称获笔个范签筹签纪约纳级终组结络"
    "统经维网县缩总绩织系缴续累才义联职肃修台与举万盖参荐苏处众术同冲补制复规观订计训托记设许注证评询"
    "试认调请咨谓证识护让财贯贵买贷费贴资卖质购赛军输转办回周进运过达违递迟选辽银衔销链长门闭开间合关"
    "陕升际随险只双离难云静千响项预领题额愿类显风台飞养余驻驱验体发面面面点龄出龙"
)
"""Traditional forms and variants of the characters in titles, and what is written for them there, one by one
in the same order (after the character tables of OpenCC)."""

_AS_WRITTEN: Final = str.maketrans(_TRADITIONAL, _SIMPLIFIED, " -_'’·.,，、()（）“”")


class Found(NamedTuple):
    """What a word may stand for.

    Attributes
    ----------
    names : list of str
        The likeliest first; none if nothing is near.
    how : {"called", "part", "near"}
        They are called so, the word is a part of what they are called, or is spelt like it.
    """

    names: list[str]
    how: Literal["called", "part", "near"]


def plainly(word: str) -> str:
    """Write a word as names are compared: small, simplified, without gaps and punctuation.

    Examples
    --------
    >>> plainly("Voucher budget"), plainly("創新券")
    ('voucherbudget', '创新券')
    """
    return word.casefold().translate(_AS_WRITTEN)


def search(word: str, spellings: Mapping[str, Iterable[str]], most: int = _MOST) -> Found:
    """Find what is meant by a word.

    Parameters
    ----------
    word : str
        What a person wrote.
    spellings : mapping of str to iterable of str
        All that each thing is called, by its name, which needs not be among them.
    most : int
        How many near ones are given; those of which the word is a part are all given.

    Examples
    --------
    >>> known = {"fund_size": ["fund size", "基金规模"], "voucher_budget": ["voucher_budget", "创新券预算"]}
    >>> search("創新券", known)
    Found(names=['voucher_budget'], how='part')
    >>> search("fund_siz", known).names
    ['fund_size']
    """
    meant = plainly(word)
    plain = {name: [plainly(one) for one in (name, *called)] for name, called in spellings.items()}
    called = [name for name, all_ in plain.items() if meant in all_]
    if called:
        return Found(called, "called")
    if len(meant) > 1:
        part = [name for name, all_ in plain.items() if any(meant in one for one in all_)]
        if part:
            return Found(part, "part")
    alike = {
        name: max(difflib.SequenceMatcher(None, one, meant).ratio() for one in all_)
        for name, all_ in plain.items()
    }
    nearest = max(alike.values(), default=0.0)
    near = [name for name in alike if alike[name] >= max(_NEAR, nearest - _AS_NEAR)]
    return Found(sorted(near, key=lambda name: -alike[name])[:most], "near")
