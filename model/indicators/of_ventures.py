"""Indicators of firms that come out of research: on results, of people, of owners."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...engine.books import SECTOR
from ..markets.demand import PRODUCERS
from .definition import Indicator, counted
from .of_contracts import ZH_SELLER

if TYPE_CHECKING:
    from ..province import Province


def _all(counts: str) -> Callable[[Province], float]:
    """Read firms founded in the step, over all kinds of owners."""
    return lambda province: float(sum(getattr(province.counts, counts).tolist()))


def venture_indicators() -> list[Indicator]:
    """List the indicators of firms that come out of research."""
    return [
        Indicator(
            "spin_offs",
            "count",
            "flow",
            "Firms founded on results",
            "成果转化衍生企业数",
            "firms founded on a result, in the province or elsewhere, joint firms of military units included",
            "以科技成果创办的企业，无论在省内或省外，含军地合办企业",
            _all("founded_on_results"),
        ),
        *(
            Indicator(
                f"spin_offs_{kind}",
                "count",
                "flow",
                f"Firms founded on results: {kind.replace('_', ' ')}",
                f"{ZH_SELLER[kind]}成果转化衍生企业数",
                "those of spin_offs whose result belonged to this kind of owner",
                "其中成果属于该类单位的衍生企业",
                counted("counts", "founded_on_results", SECTOR[kind]),
            )
            for kind in PRODUCERS
        ),
        Indicator(
            "firms_of_researchers",
            "count",
            "flow",
            "Firms founded by researchers without a result",
            "科研人员无成果创办企业数",
            "firms founded by people who leave research, without a result of their owner, here or elsewhere",
            "科研人员离岗或离职、未使用单位成果创办的企业，无论在省内或省外",
            _all("founded_by_people"),
        ),
        Indicator(
            "firms_of_owners",
            "count",
            "flow",
            "Firms founded by universities, institutes and military units",
            "科研单位自主创办企业数",
            "civil firms that the owner of research founds or incubates itself, joint firms not included",
            "科研单位自主创办或孵化的民用企业，不含军地合办企业",
            _all("founded_by_owners"),
        ),
        Indicator(
            "ventures_since_2010",
            "count",
            "stock",
            "Firms that came out of research since 2010",
            "2010年以来科研衍生企业累计数",
            "spin_offs, firms_of_researchers and firms_of_owners since the start of the run, closed ones"
            " included",
            "成果衍生、科研人员创办和单位自办企业的累计数，含已关闭企业",
            counted("totals", "ventures"),
        ),
        Indicator(
            "one_institute_firms_since_2007",
            "count",
            "stock",
            "Firms of the institute that founded most",
            "创办企业最多的院所累计创办数",
            "firms that the one institute founded or incubated itself since 2007, closed ones included;"
            " counted from 2000 with the few that it founded before its reform",
            "“一所”自主创办或孵化企业累计数，含已关闭企业",
            lambda p: float(p.sums.owners["research_institute"].most_founded),
        ),
        Indicator(
            "military_firms_since_2000",
            "count",
            "stock",
            "Civil firms founded by military units since 2000",
            "2000年以来军工单位创办民用企业累计数",
            "civil firms that military units founded themselves or with partners since 2000, closed ones"
            " included; firms on results or of people that left are not among them",
            "军工单位自主或合办民用企业累计数，含已关闭企业；不含成果衍生和人员创办企业",
            lambda p: float(p.sums.owners["military_unit"].founded),
        ),
    ]
