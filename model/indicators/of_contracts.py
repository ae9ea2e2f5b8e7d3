"""Indicators of the technology contracts: what is registered, by seller, by type, and how completely."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ...agents.goods import TYPES
from ...engine.books import SECTOR
from ..markets.demand import PRODUCERS
from .definition import Indicator, share

if TYPE_CHECKING:
    from ..province import Province

SELLERS: Final = (*PRODUCERS, "enterprise")

ZH_SELLER: Final = {
    "university": "高校",
    "research_institute": "科研院所",
    "military_unit": "军工单位",
    "enterprise": "企业",
}
"""Chinese names of those who sell technology and own results."""

_ZH_TYPE: Final = {
    "development": "技术开发",
    "transfer": "技术转让",
    "consulting": "技术咨询",
    "service": "技术服务",
}


def _value_by_seller(code: int) -> Callable[[Province], float]:
    return lambda province: float(province.tally.value_by_seller[code])


def _signed_by_seller(code: int) -> Callable[[Province], float]:
    return lambda province: float(province.tally.signed_by_seller[code])


def _value_by_type(code: int) -> Callable[[Province], float]:
    return lambda province: float(province.tally.value_by_type[code])


def contract_indicators() -> list[Indicator]:
    """List the indicators of contracts."""
    listed = [
        Indicator(
            "contract_value_output",
            "yuan",
            "flow",
            "Technology contracts sold, value",
            "技术合同成交额(输出)",
            "registered contracts, seller in the province, full value, by date of registration",
            lambda p: float(p.tally.value_by_seller.sum()),
        ),
        Indicator(
            "contract_count_output",
            "contracts",
            "flow",
            "Technology contracts sold, number",
            "技术合同成交项数(输出)",
            "number of registered contracts, seller in the province",
            lambda p: float(p.tally.count_by_seller.sum()),
        ),
        Indicator(
            "contract_value_inflow",
            "yuan",
            "flow",
            "Technology contracts bought, value",
            "吸纳技术合同成交额",
            "registered contracts, buyer in the province, local ones included",
            lambda p: float(p.tally.inflow_value),
        ),
        Indicator(
            "contract_count_inflow",
            "contracts",
            "flow",
            "Technology contracts bought, number",
            "吸纳技术合同项数",
            "number of registered contracts, buyer in the province, local ones included",
            lambda p: float(p.tally.inflow_count),
        ),
        Indicator(
            "contract_value_major",
            "yuan",
            "flow",
            "Contracts above 10 million yuan, value",
            "千万元以上合同成交额",
            "registered contracts of 10 million yuan or more, seller in the province",
            lambda p: float(p.tally.major_value),
        ),
        Indicator(
            "contract_count_major",
            "contracts",
            "flow",
            "Contracts above 10 million yuan, number",
            "千万元以上合同项数",
            "number of registered contracts of 10 million yuan or more, seller in the province",
            lambda p: float(p.tally.major_count),
        ),
        Indicator(
            "contract_value_signed",
            "yuan",
            "flow",
            "Contracts signed, registered or not",
            "签订的技术合同额",
            "all contracts signed by sellers of the province",
            lambda p: float(p.tally.signed_value),
        ),
        Indicator(
            "contract_value_local",
            "yuan",
            "flow",
            "Contracts signed inside the province",
            "省内签订的技术合同额",
            "contracts, registered or not, with seller and buyer in the province",
            lambda p: float(p.tally.local_value),
        ),
        Indicator(
            "contract_value_within_city",
            "yuan",
            "flow",
            "Contracts inside one city",
            "市内技术合同成交额",
            "registered contracts with seller and buyer in the same city of the province, full value",
            lambda p: float(p.registry.city_within.sum()),
        ),
        Indicator(
            "high_tech_contract_value_signed",
            "yuan",
            "flow",
            "Contracts signed by certified high-technology enterprises",
            "高新技术企业签订的技术合同额",
            "value of technology contracts signed as seller by enterprises with a valid certificate,"
            " registered or not",
            lambda p: float(p.tally.high_tech_signed),
        ),
        Indicator(
            "high_tech_contract_value_output",
            "yuan",
            "flow",
            "Contracts sold by certified high-technology enterprises",
            "高新技术企业技术合同成交额",
            "registered value of technology contracts sold by enterprises with a valid certificate",
            lambda p: float(p.tally.high_tech_value),
        ),
        Indicator(
            "registration_coverage",
            "fraction",
            "ratio",
            "Registration coverage by value",
            "登记覆盖率(按金额)",
            "registered value over value of all contracts signed by sellers of the province",
            lambda p: share(float(p.tally.value_by_seller.sum()), float(p.tally.signed_value)),
        ),
        Indicator(
            "registration_coverage_sellers",
            "fraction",
            "ratio",
            "Sellers that register",
            "登记企业占卖方企业比重",
            "enterprises that register by habit over all that sell technology",
            lambda p: share(float(p.census.registering), float(p.census.sellers)),
        ),
    ]
    for seller in SELLERS:
        code = SECTOR[seller]
        listed.append(
            Indicator(
                f"contract_value_output_{seller}",
                "yuan",
                "flow",
                f"Contracts sold by: {seller.replace('_', ' ')}",
                f"{ZH_SELLER[seller]}技术合同成交额",
                "registered value by kind of seller",
                _value_by_seller(code),
            )
        )
        listed.append(
            Indicator(
                f"contract_value_signed_{seller}",
                "yuan",
                "flow",
                f"Contracts signed by: {seller.replace('_', ' ')}",
                f"{ZH_SELLER[seller]}签订的技术合同额",
                "value signed by kind of seller, registered or not",
                _signed_by_seller(code),
            )
        )
    for code, name in enumerate(TYPES):
        listed.append(
            Indicator(
                f"contract_value_output_{name}",
                "yuan",
                "flow",
                f"Contracts sold: {name}",
                f"{_ZH_TYPE[name]}合同成交额",
                "registered value by type of contract",
                _value_by_type(code),
            )
        )
    return listed
