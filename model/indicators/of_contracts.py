"""Indicators of the technology contracts: what is registered, by seller, by type, and how completely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...agents.goods import TYPES
from ...engine.books import SECTOR
from ..markets.demand import PRODUCERS
from .definition import Indicator, counted, share

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


def _technology_part(province: Province) -> float:
    """Read the registered value without the equipment and materials that contracts contain."""
    value = 0.0
    for name, registered in zip(TYPES, province.tally.value_by_type.tolist(), strict=True):
        value += registered * province.values[f"technology_share_{name}"]
    return value


def _registered_value(province: Province) -> float:
    return float(sum(province.tally.value_by_seller.tolist()))


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
            "卖方在本省、经认定登记的技术合同，按合同全额、以登记日期计",
            _registered_value,
            lambda p: p.registry.city_value,
        ),
        Indicator(
            "contract_count_output",
            "contracts",
            "flow",
            "Technology contracts sold, number",
            "技术合同成交项数(输出)",
            "number of registered contracts, seller in the province",
            "卖方在本省、经认定登记的技术合同项数",
            lambda p: float(sum(p.tally.count_by_seller.tolist())),
            lambda p: p.registry.city_count,
        ),
        Indicator(
            "contract_value_inflow",
            "yuan",
            "flow",
            "Technology contracts bought, value",
            "吸纳技术合同成交额",
            "registered contracts, buyer in the province, local ones included",
            "买方在本省、经认定登记的技术合同成交额，含省内合同",
            counted("tally", "inflow_value"),
            lambda p: p.registry.city_inflow,
        ),
        Indicator(
            "contract_count_inflow",
            "contracts",
            "flow",
            "Technology contracts bought, number",
            "吸纳技术合同项数",
            "number of registered contracts, buyer in the province, local ones included",
            "买方在本省、经认定登记的技术合同项数，含省内合同",
            counted("tally", "inflow_count"),
        ),
        Indicator(
            "contract_value_major",
            "yuan",
            "flow",
            "Contracts above 10 million yuan, value",
            "千万元以上合同成交额",
            "registered contracts of 10 million yuan or more, seller in the province",
            "卖方在本省、单项一千万元及以上的已登记合同成交额",
            counted("tally", "major_value"),
        ),
        Indicator(
            "contract_count_major",
            "contracts",
            "flow",
            "Contracts above 10 million yuan, number",
            "千万元以上合同项数",
            "number of registered contracts of 10 million yuan or more, seller in the province",
            "卖方在本省、单项一千万元及以上的已登记合同项数",
            counted("tally", "major_count"),
        ),
        Indicator(
            "contract_value_signed",
            "yuan",
            "flow",
            "Contracts signed, registered or not",
            "签订的技术合同额",
            "all contracts signed by sellers of the province",
            "本省卖方签订的全部技术合同额，无论是否登记",
            counted("tally", "signed_value"),
        ),
        Indicator(
            "contract_value_local",
            "yuan",
            "flow",
            "Contracts signed inside the province",
            "省内签订的技术合同额",
            "contracts, registered or not, with seller and buyer in the province",
            "买卖双方均在本省的技术合同额，无论是否登记",
            counted("tally", "local_value"),
        ),
        Indicator(
            "contract_value_within_city",
            "yuan",
            "flow",
            "Contracts inside one city",
            "市内技术合同成交额",
            "registered contracts with seller and buyer in the same city of the province, full value",
            "买卖双方在本省同一城市、经认定登记的技术合同，按合同全额计",
            lambda p: float(p.registry.city_within.sum()),
            lambda p: p.registry.city_within,
        ),
        Indicator(
            "needs_unmet_share",
            "fraction",
            "ratio",
            "Contracts wanted that find no seller",
            "未能对接的技术需求比重",
            "contracts wanted by buyers here whose need lapsed unmet, over those and the ones signed",
            "本省买方因需求到期而未能签订的合同项数，占其与已签订合同项数之和的比重",
            lambda p: share(float(p.counts.needs_lapsed), float(p.counts.needs_lapsed + p.counts.needs_met)),
        ),
        Indicator(
            "high_tech_contract_value_signed",
            "yuan",
            "flow",
            "Contracts signed by certified high-technology enterprises",
            "高新技术企业签订的技术合同额",
            "value of technology contracts signed as seller by enterprises with a valid certificate,"
            " registered or not",
            "证书有效的高新技术企业作为卖方签订的技术合同额，无论是否登记",
            counted("tally", "high_tech_signed"),
        ),
        Indicator(
            "high_tech_contract_value_output",
            "yuan",
            "flow",
            "Contracts sold by certified high-technology enterprises",
            "高新技术企业技术合同成交额",
            "registered value of technology contracts sold by enterprises with a valid certificate",
            "证书有效的高新技术企业作为卖方、经认定登记的技术合同成交额",
            counted("tally", "high_tech_value"),
        ),
        Indicator(
            "registration_coverage",
            "fraction",
            "ratio",
            "Registration coverage by value",
            "登记覆盖率(按金额)",
            "registered value over value of all contracts signed by sellers of the province",
            "已登记合同额占本省卖方签订合同总额的比重",
            lambda p: share(_registered_value(p), float(p.tally.signed_value)),
        ),
        Indicator(
            "registration_coverage_sellers",
            "fraction",
            "ratio",
            "Sellers that register",
            "登记企业占卖方企业比重",
            "enterprises that register by habit over all that sell technology",
            "惯常登记合同的企业占全部出售技术的企业的比重",
            lambda p: share(float(p.census.registering), float(p.census.sellers)),
        ),
    ]
    listed.append(
        Indicator(
            "contract_value_output_technology",
            "yuan",
            "flow",
            "Technology contracts sold, technology part",
            "技术合同技术交易额(输出)",
            "registered contracts, seller in the province, without the equipment and materials in them:"
            " a share by type of contract",
            "卖方在本省、经认定登记的技术合同，扣除设备与材料款后的技术交易额，按合同类别的比例计",
            _technology_part,
        )
    )
    listed += _of_decisions()
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
                "按卖方类别统计的已登记技术合同成交额",
                counted("tally", "value_by_seller", code),
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
                "按卖方类别统计的签订技术合同额，无论是否登记",
                counted("tally", "signed_by_seller", code),
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
                "按合同类别统计的已登记技术合同成交额",
                counted("tally", "value_by_type", code),
            )
        )
    return listed


def _of_decisions() -> list[Indicator]:
    """List what became of decisions about registering: none of it is in the value signed."""
    return [
        Indicator(
            "contract_value_relabelled",
            "yuan",
            "flow",
            "Contracts registered as development that are none",
            "申报为技术开发的其他合同成交额",
            "registered value of service and consulting contracts that were declared as development"
            " and that no audit found",
            "以技术开发申报登记且未被抽查发现的技术服务与咨询合同成交额",
            counted("tally", "relabelled_value"),
        ),
        Indicator(
            "contracts_from_splitting",
            "contracts",
            "flow",
            "Registered contracts that are parts of others",
            "拆分增加的合同项数",
            "number of registered contracts beyond those signed, because some were entered in parts",
            "因合同拆分登记而多出的合同项数",
            counted("tally", "parts_more"),
        ),
        Indicator(
            "contracts_entered_by_offices",
            "contracts",
            "flow",
            "Contracts that offices entered for their sellers",
            "登记机构代办登记的合同项数",
            "number of small contracts that sellers had left out and offices with a quota entered",
            "卖方未登记、由承担任务的登记机构代办的小额合同项数",
            counted("tally", "entered_by_offices"),
        ),
    ]
