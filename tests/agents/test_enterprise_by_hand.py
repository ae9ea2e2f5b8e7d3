"""Enterprises: what follows from size, who earns and pays what, and the habits they take up."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import enterprise
from shaanxi_transfer.agents.enterprise import BOTH, BUYER, SELLER
from shaanxi_transfer.engine import luck


def test_columns_follow_from_size(small: Any) -> None:
    parameters = small.set(
        "firms", firm_size_ln_sd=2.0, need_size_power=0.5, project_size_power=0.25, matching_size_power=2.0,
        value_size_power=3.0, firm_mean_revenue=100.0,
    )  # fmt: skip
    small.now.output_index = 2.0
    for role in (BUYER, SELLER, BOTH):
        small.firm(role=role, members=3, ln_size=math.log(8.0), growth=math.log(2.0), reputation=1.5)
    enterprise.measure(small.enterprises.rows, parameters, small.now)
    rows = small.enterprises.rows
    # Members of size 16. The mean of size ** 0.25 over needs: exp(2 * (0.75 ** 2 - 0.75 - 0.5 ** 2 + 0.5)).
    assert rows["appetite"] == pytest.approx([12.0, 0.0, 12.0])
    assert rows["attraction"] == pytest.approx([0.0, 3 * 256 * 1.5, 3 * 256 * 1.5])
    assert rows["project_scale"] == pytest.approx([2.0 / math.exp(2.0 * 0.0625)] * 3)
    assert rows["value_scale"] == pytest.approx([4096.0] * 3)
    assert rows["revenue"].tolist() == [9600] * 3


def test_sizes_wander_about_one_mean(small: Any) -> None:
    parameters = small.set("firms", firm_size_ln_sd=2.0, size_persistence=0.6)
    one = small.firm(ln_size=1.0, growth=0.5)
    z = luck.normal_quantile(small.draw(enterprise.SIZE, one.key))
    enterprise.drift_in_size(small.enterprises.rows, parameters, small.now, small.seed)
    # Mean -2, of the distance 3 six tenths remain, and a shock of 0.8 * 2.
    assert one.ln_size == pytest.approx(-2.0 + 1.8 + 1.6 * z) and one.growth == pytest.approx(0.3)


def share_out(small: Any, budget: int) -> list[int]:
    """Share a year's R&D out; gives what is reported."""
    rows = small.enterprises.rows
    enterprise.share_out_research(rows, budget, small.terms.firms, small.now)
    return [int(done + other) for done, other in zip(rows["rd"], rows["relabelled"], strict=True)]


def test_research_is_shared_by_revenue_among_those_who_do_it(small: Any) -> None:
    for revenue, user in ((100, True), (500, False), (200, True), (400, True)):
        small.firm(revenue=revenue, research_user=user, rd=99, bent=1.0)
    share_out(small, 1001)
    assert small.enterprises.rows["rd"].tolist() == [143, 0, 286, 572]
    small.enterprises.rows["revenue"] = 0
    share_out(small, 1001)
    assert not small.enterprises.rows["rd"].any(), "nobody earns anything"
    small.enterprises.rows["research_user"], small.enterprises.rows["revenue"] = False, 9
    share_out(small, 1001)
    assert not small.enterprises.rows["rd"].any()


def test_certified_firms_below_the_notch_report_just_what_is_asked(small: Any) -> None:
    """Small firms with sales of 10 million each, of which a certificate asks 6 %."""
    small.set("firms", certification_revision=2016.0, relabelling_ease=0.01)
    asked, sales = 0.06, 10**7
    # Own intensity at a budget that suits it, members of ten with a certificate, through cultivation.
    for intensity, certified, cultivated in (
        (0.03, 10, 0), (0.0599, 10, 0), (0.0601, 10, 0), (0.03, 0, 0), (0.03, 4, 0), (0.03, 4, 4)
    ):  # fmt: skip
        small.firm(
            research_user=True, members=10, revenue=10 * sales, bent=intensity, intensity=intensity,
            certified=certified, cultivated=cultivated,
        )  # fmt: skip
    means = [asked, asked, 0.0601, 0.03, 0.6 * 0.03 + 0.4 * asked, 0.03]
    budget = round(sum(means) * 10 * sales)
    reported = share_out(small, budget)
    rows = small.enterprises.rows
    assert rows["intensity"] == pytest.approx(rows["bent"]), "the budget suits"
    extra = 0.4 * 0.03 * 10 * sales
    assert sum(reported) == pytest.approx(budget + extra, abs=0.5), (
        "cultivation adds, the others share the budget"
    )
    means[5] += 0.4 * 0.03
    assert reported == pytest.approx([mean * 10 * sales for mean in means], abs=2)
    other = [0.01, 0.0001, 0.0, 0.0, 0.4 * 0.01, 0.4 * 0.01]
    assert rows["relabelled"] == pytest.approx([share * 10 * sales for share in other], abs=2)
    assert share_out(small, budget - 10**6)[:2] == [6 * 10**6] * 2, "whatever the others do"
    small.now.date = 2016.0
    assert share_out(small, budget)[0] == 5 * 10**6, "less is asked since 2016"


@pytest.mark.parametrize(
    ("cash", "debt", "after"), [(900, 0, 500), (900, 100, 600), (300, 0, 350), (500, 0, 500)]
)
def test_a_firm_earns_researches_and_pays_out_what_it_does_not_need(
    small: Any, cash: int, debt: int, after: int
) -> None:
    # Surplus 1000 * 0.08 / 4; a quarter of what is missing of half of the revenue comes back.
    parameters = small.set(
        "firms", firm_margin=0.08, firm_cash_ratio=0.5, firm_cash_rebuild_rate=small.hazard(0.25)
    )
    one = small.firm(revenue=1000, rd=400, relabelled=2, cash=cash - 20, debt=debt, city=1, sold=9)
    by_city = np.array([7, 7])
    enterprise.operate(small.enterprises.rows, parameters, small.now, small.purse, small.flows, by_city)
    assert (one.cash, one.sold, by_city.tolist()) == (after, 0, [7, 108])
    assert small.paid("research_spending", "enterprise", "households") == 101
    assert small.paid("operating_income", "outside", "enterprise") == 121 + max(0, after - cash)
    assert small.paid("dividend", "enterprise", "households") == max(0, cash - after)
    small.books.close()


def adopt(small: Any, **numbers: float) -> list[int]:
    parameters = small.set(
        "firms",
        **{
            "firm_size_ln_sd": 2.0,
            "registration_hazard": 0.1,
            "registration_imitation": 0.4,
            "registration_market_opens": 2011.25,
            "registration_hazard_before_market_factor": 0.5,
            "registration_small_extra": 0.2,
            "registration_small_from": 2016.5,
            "registration_size_power": 0.5,
            **numbers,
        },
    )
    firms = small.enterprises.rows
    firms["registered"] = [250, 0, 0, 400]
    enterprise.adopt_registration(firms, parameters, small.now, small.seed)
    return [int(number) for number in firms["registered"]]


@pytest.mark.parametrize(
    ("date", "large", "tiny"),
    [
        (2015.0, 0.3 * math.e, 0.3 / math.e),
        (2011.2, 0.15 * math.e, 0.15 / math.e),
        (2011.25, 0.3 * math.e, 0.3 / math.e),
        (2016.5, 0.3 * math.e, 0.3 / math.e + 0.2),
        (2016.4, 0.3 * math.e, 0.3 / math.e),
    ],
)
def test_sellers_take_up_registration_from_one_another(
    small: Any, date: float, large: float, tiny: float
) -> None:
    # Half of 1300 sellers have the habit: 650 of 1300 is what imitation multiplies.
    small.now.date = date
    for role, members, size in ((SELLER, 500, 0.0), (BOTH, 400, -4.0), (BUYER, 999, 0.0), (BOTH, 400, 0.0)):
        small.firm(role=role, members=members, ln_size=size)
    draws = [small.draw(enterprise.REGISTRATION, key) for key in small.enterprises.rows["key"]]
    hazards = [0.1 + 0.4 * 0.5, *[0.0] * 3]
    assert hazards[0] == pytest.approx(0.3)
    expected = [
        250 + luck.binomial_quantile(draws[0], 250, 1.0 - math.exp(-large / 4)),
        luck.binomial_quantile(draws[1], 400, 1.0 - math.exp(-tiny / 4)),
    ]
    assert adopt(small) == [*expected, 0, 400]


def certifying(small: Any) -> Any:
    """Rules under which half of the certificates are renewed, and who lacks nothing is certified gladly."""
    return small.set(
        "firms", certification_hazard=0.2, certification_revision=2016.0, certification_factor_after_2016=3.0,
        certification_renewal=0.5, certificate_cost=1.0, firm_margin=0.05, relabelling_ease=0.01,
        research_net_cost=0.5,
    )  # fmt: skip


def test_certificates_are_won_and_lapse(small: Any) -> None:
    parameters = certifying(small)
    given = {"members": 1000, "certified": 400, "born": 2010.0, "revenue": 10**9, "intensity": 0.06}
    one = small.firm(research_user=True, **given)
    idle = small.firm(**given)
    won, lost = small.two(enterprise.CERTIFICATION, one.key, small.step)
    for date, hazard in ((2015.99, 0.2), (2016.0, 0.6)):
        small.now.date, one.certified = date, 400
        gained = luck.binomial_quantile(won, 600, 1.0 - math.exp(-hazard / 4.0))
        lapsed = luck.binomial_quantile(lost, 400, 1.0 - 0.5 ** (1.0 / 12.0))
        enterprise.certify(small.enterprises.rows, parameters, small.now, small.seed)
        assert one.certified == 400 + gained - lapsed and idle.certified == 400


def test_where_it_does_not_pay_nobody_asks_and_certificates_run_out(small: Any) -> None:
    parameters = certifying(small)
    one = small.firm(
        research_user=True, members=1000, certified=400, born=2010.0, revenue=10**9, intensity=0.0
    )
    _, lost = small.two(enterprise.CERTIFICATION, one.key, small.step)
    enterprise.certify(small.enterprises.rows, parameters, small.now, small.seed)
    assert one.certified == 400 - luck.binomial_quantile(lost, 400, 1.0 - math.exp(-1.0 / 12.0))


@pytest.mark.parametrize("intensity", [0.0, 0.06])
def test_who_was_cultivated_would_be_certified_by_now(small: Any, intensity: float) -> None:
    parameters = certifying(small)
    one = small.firm(
        research_user=True, members=1000, certified=400, cultivated=300, born=2010.0, revenue=10**9,
        intensity=intensity,
    )  # fmt: skip
    u = small.draw(enterprise.CULTIVATED, one.key)
    stays = math.exp(-0.05) * 0.5 ** (1.0 / 12.0) if intensity else math.exp(-1.0 / 12.0)
    enterprise.certify(small.enterprises.rows, parameters, small.now, small.seed)
    assert one.cultivated == 300 - luck.binomial_quantile(u, 300, 1.0 - stays) <= one.certified
