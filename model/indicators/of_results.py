"""Indicators of results: created, contracted, in industrial use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...engine.books import SECTOR
from ..markets.demand import PRODUCERS
from .definition import Indicator, counted, paid, share
from .of_contracts import ZH_SELLER

if TYPE_CHECKING:
    from ..province import Province


def _industrialised(kind: str) -> Callable[[Province], float]:
    code = SECTOR[kind]
    return lambda province: share(float(province.results_used[code]), float(province.results_alive[code]))


def _transferred(kind: str) -> Callable[[Province], float]:
    code = SECTOR[kind]
    return lambda province: share(
        float(province.counts.results_transferred[code]), float(province.results_alive[code])
    )


def result_indicators() -> list[Indicator]:
    """List the indicators of results."""
    listed = [
        Indicator(
            "results_created",
            "count",
            "flow",
            "Results created",
            "新增科技成果数",
            "results of universities, institutes, military units and enterprises",
            "高校、科研院所、军工单位和企业产生的科技成果",
            lambda p: float(p.results_created),
        ),
        Indicator(
            "results_contracted",
            "count",
            "flow",
            "Results sold",
            "转让的科技成果数",
            "results of producers sold exclusively by contract",
            "产出单位以合同独占转让的科技成果",
            lambda p: float(p.results_contracted),
        ),
        Indicator(
            "results_licensed",
            "count",
            "flow",
            "Non-exclusive licences of results",
            "科技成果普通许可数",
            "licences of results of producers that leave the owner free to license others, and count beside"
            " results_contracted; one result may have several",
            "产出单位以普通许可方式许可他人使用科技成果的次数，与独占转让分别计数；同一成果可多次许可",
            counted("counts", "results_licensed"),
        ),
        Indicator(
            "results_used_in_commissions",
            "count",
            "flow",
            "Results taken into use through commissions",
            "通过委托开发投入使用的科技成果数",
            "results of producers, told to the owner's office or not, on which development commissioned by"
            " an enterprise of the province builds, so that the buyer uses them; they are not sold",
            "省内企业委托开发所依托、由委托方投入使用的产出单位科技成果，无论是否已披露；不属于转让",
            counted("counts", "results_used_in_commissions"),
        ),
        Indicator(
            "results_disclosed",
            "count",
            "stock",
            "Results disclosed",
            "已披露的科技成果数",
            "results of producers, sold or not, whose inventor told the owner's office",
            "完成人已向所属单位披露的科技成果，无论是否已转让",
            counted("census", "disclosed"),
        ),
        Indicator(
            "results_visible",
            "count",
            "stock",
            "Results that can be found",
            "可被检索的科技成果数",
            "results of producers that are registered, so that strangers find them: a stock, not a year",
            "已登记、外部可以检索到的科技成果：存量，而非当年数",
            counted("census", "visible"),
        ),
    ]
    listed += [
        Indicator(
            "results_contracted_ln_delay",
            "ln",
            "flow",
            "Results sold: sum of ln years from result to contract",
            "已转让成果的转让时滞对数之和",
            "sum over results sold of the logarithm of the years from the result to its contract;"
            " over results_contracted it gives the logarithm of the geometric mean delay",
            "转让成果自产生至签约年数的自然对数之和；除以成果数得几何平均时滞的对数",
            counted("counts", "results_sold_ln_years"),
        ),
        Indicator(
            "results_contracted_within_2_years",
            "count",
            "flow",
            "Results sold within two years",
            "两年内转让的科技成果数",
            "results of producers sold exclusively by contract not later than two years after they came up",
            "产生后两年内以合同独占转让的科技成果",
            counted("counts", "results_sold_promptly"),
        ),
    ]
    listed.append(
        Indicator(
            "inventor_income",
            "yuan",
            "flow",
            "Inventors' income from results sold",
            "成果完成人转化收益",
            "part of the price of results that goes to their inventors",
            "成果转让价款中归成果完成人的部分",
            paid("inventor_share"),
        )
    )
    for kind in PRODUCERS:
        listed.append(
            Indicator(
                f"results_transferred_share_{kind}",
                "fraction",
                "ratio",
                f"Results ever transferred: {kind.replace('_', ' ')}",
                f"{ZH_SELLER[kind]}成果转让率",
                "results ever sold, licensed or turned into a firm over all within their life: a stock",
                "曾转让、许可或作价创办企业的成果占有效期内成果的比重（存量）",
                _transferred(kind),
            )
        )
    for kind in (*PRODUCERS, "enterprise"):
        listed.append(
            Indicator(
                f"results_industrialised_share_{kind}",
                "fraction",
                "ratio",
                f"Results in industrial use: {kind.replace('_', ' ')}",
                f"{ZH_SELLER[kind]}成果产业化率",
                "results in industrial use over all results within their life",
                "已在产业中应用的成果占有效期内全部成果的比重",
                _industrialised(kind),
            )
        )
    return listed
