"""What each indicator counts, in Chinese; the English definition stands with the indicator in the model."""

from __future__ import annotations

import re
from typing import Final

_REGISTERED_BY_SELLER: Final = "按卖方类别统计的已登记技术合同成交额"
_SIGNED_BY_SELLER: Final = "按卖方类别统计的签订技术合同额，无论是否登记"
_REGISTERED_BY_TYPE: Final = "按合同类别统计的已登记技术合同成交额"

DEFINITIONS_ZH: Final[dict[str, str]] = {
    # contracts
    "contract_value_output": "卖方在本省、经认定登记的技术合同，按合同全额、以登记日期计",
    "contract_count_output": "卖方在本省、经认定登记的技术合同项数",
    "contract_value_inflow": "买方在本省、经认定登记的技术合同成交额，含省内合同",
    "contract_count_inflow": "买方在本省、经认定登记的技术合同项数，含省内合同",
    "contract_value_major": "卖方在本省、单项一千万元及以上的已登记合同成交额",
    "contract_count_major": "卖方在本省、单项一千万元及以上的已登记合同项数",
    "contract_value_signed": "本省卖方签订的全部技术合同额，无论是否登记",
    "contract_value_local": "买卖双方均在本省的技术合同额，无论是否登记",
    "contract_value_within_city": "买卖双方在本省同一城市、经认定登记的技术合同，按合同全额计",
    "high_tech_contract_value_signed": "证书有效的高新技术企业作为卖方签订的技术合同额，无论是否登记",
    "high_tech_contract_value_output": "证书有效的高新技术企业作为卖方、经认定登记的技术合同成交额",
    "registration_coverage": "已登记合同额占本省卖方签订合同总额的比重",
    "registration_coverage_sellers": "惯常登记合同的企业占全部出售技术的企业的比重",
    # enterprises
    "technology_enterprises": "在营的科技型企业",
    "high_tech_enterprises": "证书在有效期内的高新技术企业",
    "research_using_enterprises": "自身开展研发、能够吸收科技成果的科技型企业",
    "rd_expenditure": "高校、科研院所、军工单位和企业执行的研发经费",
    "gazelle_enterprises": "成立3至5年、自成立以来营业收入年均增长超过20%的企业",
    "fast_growers_paid": "获得科研项目资助的瞪羚企业（任务5）",
    "founders_with_mentor": "创业者获得导师或创业课程的年轻小企业（任务24）",
    "military_joint_firms": "军工单位以其成果与地方合作方创办、超出历史水平的企业（任务3）",
    # results
    "results_created": "高校、科研院所、军工单位和企业产生的科技成果",
    "results_contracted": "产出单位以合同独占转让的科技成果",
    "results_contracted_ln_delay": "转让成果自产生至签约年数的自然对数之和；除以成果数得几何平均时滞的对数",
    "results_contracted_within_2_years": "产生后两年内以合同独占转让的科技成果",
    "spin_offs": "以科技成果创办的企业，无论在省内或省外",
    "results_disclosed": "完成人已向所属单位披露的科技成果，无论是否已转让",
    "results_visible": "已登记、外部可以检索到的科技成果：存量，而非当年数",
    "student_firms": "获微种子基金（任务24）支持、否则不会创办的团队企业",
    "pilots_paid": "由财政支付的成果中试（任务7、13、22）",
    "inventor_income": "成果转让价款中归成果完成人的部分",
    # people and platforms
    "demonstration_institutions": "经省级认定且有效的示范机构；2017年底的数量无法由数据识别",
    "brokers": "在营的技术转移机构，无论是否经认定",
    "broker_staff": "技术转移机构的专职人员，无论是否持证",
    "broker_deals": "由中介促成双方签订的合同，无论是否登记",
    "trained_people": "首次取得证书的人数，自2016年起累计，含已离开者",
    "practising_people": "持证并专职从事技术转移的人员，含以往年份取得者",
    "incubation_platforms": "各级孵化器与众创空间",
    "incubators": "各级孵化器",
    "maker_spaces": "各级众创空间",
    "incubators_national": "经科技部认定的国家级孵化器",
    "platforms_new_since_2018": "2018年第一季度以来新建且仍在运营的孵化器与众创空间",
    "incubator_tenants": "在孵化器中占有场地的企业",
    "star_sky_platforms": "超出历史水平、受支持新建的农村星创天地；不计入孵化平台",
    # finance
    "guidance_fund_committed": "各方对子基金签署的认缴额，累计",
    "guidance_fund_government": "财政向子基金实缴的出资，累计",
    "guidance_fund_subfunds": "已有实缴资金的子基金，含已清算者",
    "guidance_fund_invested": "子基金为取得企业股权支付的金额，累计",
    "guidance_fund_firms": "子基金取得的股权项数，累计",
    "guidance_fund_leverage": "签署的认缴总额与财政实缴出资之比；名义值，非因果",
    "guidance_fund_leverage_social": "签署的社会资本认缴额与财政实缴出资之比",
    "guidance_fund_crowded_in": "若无基金则不会进入的民间认缴资金（因果意义上的带动）",
    "guidance_fund_state": "国有企业及其他公共机构签署的认缴额，属社会资本的一部分",
    "venture_invested": "引导基金以外的创投基金为取得股权支付的金额，自2010年起累计",
    "loans_new": "风险补偿范围内新发放的科技贷款",
    "loans_outstanding": "风险补偿范围内期末未偿还的科技贷款",
    "loans_firms": "累计发放的科技贷款笔数",
    "loan_default_rate": "未偿还本金占已到期本金的比重，累计",
    "compensation_pool_balance": "承担科技贷款损失的资金池余额",
    "compensation_paid": "资金池就违约贷款向银行支付的补偿",
    "compensation_expected_loss": "对未偿贷款承诺补偿的比例乘以迄今的违约比例",
    "vouchers_redeemed": "由财政兑付的科技创新券（任务22）",
    "public_funds_committed": "引导基金以外的公共基金由各方签署的认缴额",
    "challenge_tenders_held": "由财政兑付的技术难题招标合同（任务5）",
    "dispatched_services": "由财政支付的科技特派员服务（任务16）",
    "county_contracts": "由财政支付的县校合作合同（任务20）",
    "instrument_services": "由财政支付的开放仪器服务（任务24）",
    "city_plan_contracts": "由地市财政资助企业支付的合同（组织保障1）",
    "star_sky_services": "由财政支付的星创天地科技人员服务（任务23）",
    "talent_pool_contracts": "人员双向流动促成的企业与军工单位合同（任务13）",
    "alliance_orders_placed": "企业经联盟委托、否则不会委托的研发订单（任务8）",
    "pool_licences": "联盟专利池成果的非独占许可（任务8）",
    "broker_fund_deals": "由设有基金的中介引荐、拥有成果的企业获得的股权投资（任务10）",
    "contest_prizes_given": "超出历史水平的大赛获奖项（任务25）",
    # public cost
    "public_cost": "各级财政为行动方案各项任务的支出，减去回收",
    "public_cost_gross": "各级财政为行动方案各项任务的支出",
    "public_cost_recovered": "退出、未用资金池与还款等回到财政的资金",
    "public_cost_province": "省级财政为各项任务的支出，减去回收",
    "public_cost_cities": "地市财政为各项任务的支出，减去回收",
    "public_money_reallocated": "任务4和6调整用途的存量项目资金：并非新增，不计入任何任务的成本",
}
"""Definition by indicator."""

_FAMILIES: Final = (
    (re.compile(r"contract_value_output_(university|research_institute|military_unit|enterprise)"),
     _REGISTERED_BY_SELLER),
    (re.compile(r"contract_value_signed_\w+"), _SIGNED_BY_SELLER),
    (re.compile(r"contract_value_output_(development|transfer|consulting|service)"), _REGISTERED_BY_TYPE),
    (re.compile(r"firm_years_\w+"), "该年龄段企业在期内的存续年数之和，含期内退出者"),
    (re.compile(r"firms_closed_\w+"), "期内退出的该年龄段企业"),
    (re.compile(r"results_transferred_share_\w+"), "曾转让或作价创办企业的成果占有效期内成果的比重（存量）"),
    (re.compile(r"results_industrialised_share_\w+"), "已在产业中应用的成果占有效期内全部成果的比重"),
    (re.compile(r"public_cost_recovered_\w+"), "该项任务回到财政的资金"),
    (re.compile(r"public_cost_cities_\w+"), "地市财政为该项任务或措施的支出，减去回收"),
    (re.compile(r"public_cost_task_\d\d"), "各级财政为该项任务的支出，减去回收"),
    (re.compile(r"public_cost_organisation_\d"), "各级财政为该项措施的支出，减去回收"),
)  # fmt: skip


def definition_zh(indicator: str) -> str:
    """Give the Chinese definition of an indicator, whole province or one city.

    Raises
    ------
    KeyError
        If there is none: a defect, which the tests look for.

    Examples
    --------
    >>> definition_zh("contract_count_output.xian") == definition_zh("contract_count_output")
    True
    """
    name = indicator.partition(".")[0]
    if name in DEFINITIONS_ZH:
        return DEFINITIONS_ZH[name]
    for family, words in _FAMILIES:
        if family.fullmatch(name):
            return words
    raise KeyError(f"no Chinese definition of {indicator!r}")
