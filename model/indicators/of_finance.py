"""Indicators of funds and loans."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...agents.fund import GUIDANCE, OTHER, POOL
from .definition import Indicator, counted, paid, share

if TYPE_CHECKING:
    from ..province import Province


def _of_funds(column: str, kind: int = GUIDANCE) -> Callable[[Province], float]:
    """Read a sum over all funds of a kind."""
    return lambda province: float(getattr(province.sums.funds[kind], column))


def _of_banks(column: str) -> Callable[[Province], float]:
    return lambda province: float(getattr(province.sums.banks, column))


def _paid(province: Province) -> float:
    """Read what all partners have paid in to sub-funds of the guidance fund."""
    funds = province.sums.funds[GUIDANCE]
    return float(funds.government) + float(funds.called)


def _private(province: Province) -> float:
    """Read what private partners signed, whether it is new or was promised elsewhere before."""
    funds = province.sums.funds[GUIDANCE]
    public = funds.government + funds.central + funds.municipal + funds.state
    return float(funds.committed - public)


def _city_funds(province: Province) -> float:
    return float(sum(funds.of_cities for funds in province.sums.funds))


def _ratio(
    above: str, below: str, read: Callable[[str], Callable[[Province], float]]
) -> Callable[[Province], float]:
    return lambda province: share(read(above)(province), read(below)(province))


def _social_leverage(province: Province) -> float:
    funds = province.sums.funds[GUIDANCE]
    return share(float(funds.committed - funds.government), float(funds.government))


def _expected_loss(province: Province) -> float:
    loans = province.finance.loans.rows
    rate = _ratio("defaulted", "settled", _of_banks)(province)
    return float((loans["outstanding"] * loans["share"]).sum()) * rate


def _bank_use(province: Province) -> float:
    banks = province.sums.banks
    return share(float(banks.lent), float(banks.capacity) * province.steered["branch_capacity"])


def finance_indicators() -> list[Indicator]:
    """List the indicators of finance."""
    return [*_fund_indicators(), *_loan_indicators()]


def _fund_indicators() -> list[Indicator]:
    return [
        Indicator(
            "guidance_fund_aim",
            "yuan",
            "stock",
            "Guidance fund, aimed at",
            "引导基金目标总规模",
            "scale at which the fund aims, all partners together; no cap on what they sign",
            "引导基金拟达到的总规模，含各方出资；不是认缴额的上限",
            counted("levers", "fund_size"),
        ),
        Indicator(
            "guidance_fund_committed",
            "yuan",
            "stock",
            "Guidance fund, commitments signed",
            "引导基金认缴总规模",
            "cumulative signed commitments of all partners to sub-funds",
            "各方对子基金签署的认缴额，累计",
            _of_funds("committed"),
        ),
        Indicator(
            "guidance_fund_announced",
            "yuan",
            "stock",
            "Guidance fund, announced",
            "引导基金公布规模",
            "announced sizes of sub-funds, whether partners sign as much or not, cumulative",
            "子基金公布的目标规模，无论各方是否足额认缴，累计",
            _of_funds("target"),
        ),
        Indicator(
            "guidance_fund_paid",
            "yuan",
            "stock",
            "Guidance fund, paid in",
            "引导基金实缴规模",
            "paid in to sub-funds by all partners, cumulative",
            "各方向子基金实缴的出资，累计",
            _paid,
        ),
        Indicator(
            "guidance_fund_government",
            "yuan",
            "stock",
            "Guidance fund, government money paid",
            "引导基金财政出资",
            "government part paid to sub-funds, cumulative",
            "财政向子基金实缴的出资，累计",
            _of_funds("government"),
        ),
        Indicator(
            "guidance_fund_subfunds",
            "count",
            "stock",
            "Guidance fund, sub-funds",
            "引导基金子基金数",
            "sub-funds with money paid in, closed ones included",
            "已有实缴资金的子基金，含已清算者",
            _of_funds("public"),
        ),
        Indicator(
            "guidance_fund_invested",
            "yuan",
            "stock",
            "Guidance fund, invested",
            "引导基金累计投资额",
            "paid by sub-funds for stakes in firms, cumulative",
            "子基金为取得企业股权支付的金额，累计",
            _of_funds("invested"),
        ),
        Indicator(
            "guidance_fund_firms",
            "count",
            "stock",
            "Guidance fund, firms invested in",
            "引导基金累计投资企业数",
            "stakes bought by sub-funds, cumulative",
            "子基金取得的股权项数，累计",
            _of_funds("deals"),
        ),
        Indicator(
            "guidance_fund_leverage",
            "multiple",
            "ratio",
            "Guidance fund, total over government",
            "引导基金放大倍数",
            "signed commitments over the government part paid; nominal, not causal",
            "签署的认缴总额与财政实缴出资之比；名义值，非因果",
            _ratio("committed", "government", _of_funds),
        ),
        Indicator(
            "guidance_fund_leverage_social",
            "multiple",
            "ratio",
            "Guidance fund, social over government",
            "引导基金社会资本与财政出资之比",
            "signed social commitments over the government part paid",
            "签署的社会资本认缴额与财政实缴出资之比",
            _social_leverage,
        ),
        Indicator(
            "guidance_fund_crowded_in",
            "yuan",
            "stock",
            "Guidance fund, new private money",
            "引导基金新增社会资本",
            "signed private money that would not have come otherwise (causal crowd-in)",
            "若无基金则不会进入的民间认缴资金（因果意义上的带动）",
            _of_funds("private"),
        ),
        Indicator(
            "guidance_fund_state",
            "yuan",
            "stock",
            "Guidance fund, state firms' money",
            "引导基金社会资本中国有企业资金",
            "signed by state firms and public bodies that are no government, part of the social capital",
            "国有企业及政府以外其他公共机构签署的认缴额，属社会资本的一部分",
            _of_funds("state"),
        ),
        Indicator(
            "guidance_fund_central",
            "yuan",
            "stock",
            "Guidance fund, central money",
            "引导基金中央财政资金",
            "signed by the central government, part of the social capital",
            "中央财政签署的认缴额，属社会资本的一部分",
            _of_funds("central"),
        ),
        Indicator(
            "guidance_fund_city",
            "yuan",
            "stock",
            "Guidance fund, money of cities and districts",
            "引导基金市县财政资金",
            "signed by cities and districts, part of the social capital",
            "市县财政签署的认缴额，属社会资本的一部分",
            _of_funds("municipal"),
        ),
        Indicator(
            "guidance_fund_private",
            "yuan",
            "stock",
            "Guidance fund, private money",
            "引导基金民间资金",
            "signed by private partners, what they had promised to other funds before included",
            "民间出资人签署的认缴额，含此前已承诺投向其他基金的资金",
            _private,
        ),
        Indicator(
            "city_funds_founded",
            "count",
            "stock",
            "Funds of cities and districts founded",
            "市县引导基金设立数",
            "funds founded with money of a city or district, cumulative since 2010",
            "由市县财政出资设立的基金数，自2010年起累计",
            _city_funds,
        ),
        Indicator(
            "venture_invested",
            "yuan",
            "stock",
            "Other venture funds, invested",
            "其他创投基金累计投资额",
            "paid by venture funds beside the guidance fund for stakes, cumulative since 2010",
            "引导基金以外的创投基金为取得股权支付的金额，自2010年起累计",
            _of_funds("invested", OTHER),
        ),
    ]


def _loan_indicators() -> list[Indicator]:
    return [
        Indicator(
            "loans_new",
            "yuan",
            "flow",
            "Technology loans granted",
            "科技贷款新增额",
            "technology loans inside the compensation programme",
            "风险补偿范围内新发放的科技贷款",
            paid("loan"),
        ),
        Indicator(
            "loans_outstanding",
            "yuan",
            "stock",
            "Technology loans outstanding",
            "科技贷款余额",
            "technology loans inside the compensation programme, owed at the end",
            "风险补偿范围内期末未偿还的科技贷款",
            _of_banks("book"),
        ),
        Indicator(
            "ordinary_loans_new",
            "yuan",
            "flow",
            "Ordinary technology loans granted",
            "普通科技贷款新增额",
            "technology loans that banks make outside the compensation programme",
            "风险补偿范围以外银行新发放的科技贷款",
            paid("ordinary_loan"),
        ),
        Indicator(
            "ordinary_loans_outstanding",
            "yuan",
            "stock",
            "Ordinary technology loans outstanding",
            "普通科技贷款余额",
            "technology loans outside the compensation programme, owed at the end",
            "风险补偿范围以外期末未偿还的科技贷款",
            _of_banks("ordinary_book"),
        ),
        Indicator(
            "bank_use",
            "fraction",
            "ratio",
            "Banks' capacity for technology loans used",
            "银行科技信贷能力利用率",
            "technology loans granted in the year so far over what banks will grant in a year at most",
            "当年累计发放的科技贷款与银行全年可发放上限之比",
            _bank_use,
        ),
        Indicator(
            "loans_additional",
            "yuan",
            "stock",
            "Technology loans that the programme adds",
            "风险补偿带动的新增科技贷款",
            "lent in the programme and not without it, cumulative; a full bank lends less elsewhere",
            "风险补偿范围内若无补偿则不会发放的贷款，累计；银行能力用尽时会挤占其他贷款",
            _of_banks("additional"),
        ),
        Indicator(
            "loans_additional_over_guaranteed",
            "multiple",
            "ratio",
            "Credit added for a yuan guaranteed",
            "每元补偿承诺带动的新增贷款",
            "what the programme adds over what the pool promised to bear, cumulative",
            "风险补偿带动的新增贷款与资金池承诺承担额之比，累计",
            _ratio("additional", "guaranteed", _of_banks),
        ),
        Indicator(
            "loans_firms",
            "count",
            "stock",
            "Technology loans, number granted",
            "科技贷款累计笔数",
            "technology loans inside the compensation programme granted, cumulative",
            "风险补偿范围内累计发放的科技贷款笔数",
            _of_banks("loans"),
        ),
        Indicator(
            "loan_default_rate",
            "fraction",
            "ratio",
            "Technology loans, share not repaid",
            "科技贷款违约率",
            "principal not repaid over principal that has come due, cumulative",
            "未偿还本金占已到期本金的比重，累计",
            _ratio("defaulted", "settled", _of_banks),
        ),
        Indicator(
            "compensation_pool_balance",
            "yuan",
            "stock",
            "Compensation pool",
            "风险补偿资金余额",
            "money in the pool that bears losses of technology loans",
            "承担科技贷款损失的资金池余额",
            _of_funds("cash", POOL),
        ),
        Indicator(
            "compensation_paid",
            "yuan",
            "flow",
            "Losses of loans compensated",
            "贷款风险补偿支出",
            "paid by the pool to banks for defaulted loans",
            "资金池就违约贷款向银行支付的补偿",
            paid("loss_compensation"),
        ),
        Indicator(
            "compensation_expected_loss",
            "yuan",
            "stock",
            "Expected loss of guarantees",
            "风险补偿预期损失",
            "promised share of outstanding loans times the share of loans not repaid so far",
            "对未偿贷款承诺补偿的比例乘以迄今的违约比例",
            _expected_loss,
        ),
        Indicator(
            "public_funds_committed",
            "yuan",
            "stock",
            "Cities' and culture funds, commitments",
            "地市及文化产业基金认缴规模",
            "signed commitments of all partners to public funds beside the guidance fund",
            "引导基金以外的公共基金由各方签署的认缴额",
            _of_funds("public_committed", OTHER),
        ),
    ]
