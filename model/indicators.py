"""What is reported: each indicator once, with unit, kind, definition and the way it is read.

Definitions: "What exactly is counted" of the model's specification.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from ..agents.goods import TYPES
from ..engine.books import SECTOR
from .demand import PRODUCERS

if TYPE_CHECKING:
    from .province import Province

Kind = Literal["flow", "stock", "ratio"]
SELLERS: Final = (*PRODUCERS, "enterprise")

_ZH_SELLER = {
    "university": "高校",
    "research_institute": "科研院所",
    "military_unit": "军工单位",
    "enterprise": "企业",
}
_ZH_TYPE = {"development": "技术开发", "transfer": "技术转让", "consulting": "技术咨询", "service": "技术服务"}


@dataclass(frozen=True)
class Indicator:
    """One reported number.

    Attributes
    ----------
    id : str
        Name in all tables.
    unit : str
        Unit of :data:`shaanxi_transfer.engine.units.UNITS`.
    kind : {"flow", "stock", "ratio"}
        A flow is summed over the steps of a quarter, a stock or ratio is its value at the end.
    title_en, title_zh, definition : str
    read : callable, optional
        Reads the value off the province after a step; None while the indicator is
        not modelled, and then it is absent from every record.
    """

    id: str
    unit: str
    kind: Kind
    title_en: str
    title_zh: str
    definition: str
    read: Callable[[Province], float] | None = None

    @property
    def modelled(self) -> bool:
        """Whether the model gives this number."""
        return self.read is not None


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _contracts() -> list[Indicator]:
    """Contracts: what is registered, by seller, by type, and how complete the registry is."""
    listed = [
        Indicator("contract_value_output", "yuan", "flow", "Technology contracts sold, value", "技术合同成交额(输出)",
                  "registered contracts, seller in the province, full value, by date of registration",
                  lambda p: float(p.tally.value_by_seller.sum())),
        Indicator("contract_count_output", "contracts", "flow", "Technology contracts sold, number", "技术合同成交项数(输出)",
                  "number of registered contracts, seller in the province",
                  lambda p: float(p.tally.count_by_seller.sum())),
        Indicator("contract_value_inflow", "yuan", "flow", "Technology contracts bought, value", "吸纳技术合同成交额",
                  "registered contracts, buyer in the province, local ones included",
                  lambda p: float(p.tally.inflow_value)),
        Indicator("contract_count_inflow", "contracts", "flow", "Technology contracts bought, number", "吸纳技术合同项数",
                  "number of registered contracts, buyer in the province, local ones included",
                  lambda p: float(p.tally.inflow_count)),
        Indicator("contract_value_major", "yuan", "flow", "Contracts above 10 million yuan, value", "千万元以上合同成交额",
                  "registered contracts of 10 million yuan or more, seller in the province",
                  lambda p: float(p.tally.major_value)),
        Indicator("contract_count_major", "contracts", "flow", "Contracts above 10 million yuan, number", "千万元以上合同项数",
                  "number of registered contracts of 10 million yuan or more, seller in the province",
                  lambda p: float(p.tally.major_count)),
        Indicator("contract_value_signed", "yuan", "flow", "Contracts signed, registered or not", "签订的技术合同额",
                  "all contracts signed by sellers of the province", lambda p: float(p.tally.signed_value)),
        Indicator("contract_value_local", "yuan", "flow", "Contracts signed inside the province", "省内签订的技术合同额",
                  "contracts, registered or not, with seller and buyer in the province",
                  lambda p: float(p.tally.local_value)),
        Indicator("registration_coverage", "fraction", "ratio", "Registration coverage by value", "登记覆盖率(按金额)",
                  "registered value over value of all contracts signed by sellers of the province",
                  lambda p: _share(float(p.tally.value_by_seller.sum()), float(p.tally.signed_value))),
        Indicator("registration_coverage_sellers", "fraction", "ratio", "Sellers that register", "登记企业占卖方企业比重",
                  "enterprises that register by habit over all that sell technology", _registering),
    ]
    for seller in SELLERS:
        code = SECTOR[seller]
        listed.append(Indicator(
            f"contract_value_output_{seller}", "yuan", "flow",
            f"Contracts sold by: {seller.replace('_', ' ')}", f"{_ZH_SELLER[seller]}技术合同成交额",
            "registered value by kind of seller", lambda p, code=code: float(p.tally.value_by_seller[code])))
    for code, name in enumerate(TYPES):
        listed.append(Indicator(
            f"contract_value_output_{name}", "yuan", "flow", f"Contracts sold: {name}", f"{_ZH_TYPE[name]}合同成交额",
            "registered value by type of contract", lambda p, code=code: float(p.tally.value_by_type[code])))
    return listed


def _registering(province: Province) -> float:
    firms = province.enterprises.rows
    sellers = firms["members"][firms["attraction"] > 0.0].sum()
    return _share(float(firms["registered"].sum()), float(sellers))


def _enterprises() -> list[Indicator]:
    return [
        Indicator("technology_enterprises", "count", "stock", "Technology enterprises", "科技型企业数",
                  "enterprises at work", lambda p: float(p.enterprises.rows["members"].sum())),
        Indicator("high_tech_enterprises", "count", "stock", "Certified high-technology enterprises", "高新技术企业数",
                  "enterprises with a valid certificate",
                  lambda p: float(p.enterprises.rows["certified"].sum())),
        Indicator("rd_expenditure", "yuan", "flow", "R&D expenditure", "研发经费支出",
                  "R&D performed by universities, institutes, military units and enterprises",
                  lambda p: float(p.books.paid("research_spending"))),
    ]


INDICATORS: Final[dict[str, Indicator]] = {
    indicator.id: indicator for indicator in (*_contracts(), *_enterprises())
}
"""Every indicator by name."""

BY_CITY: Final = ("contract_value_output", "contract_count_output", "contract_value_inflow")
"""Indicators that are also given by city, with the city's name behind a dot."""
