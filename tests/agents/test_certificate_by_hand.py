"""The certificate: what is asked, what it costs to reach it, and for whom it pays."""

from __future__ import annotations

from typing import Any

import pytest

from shaanxi_transfer.agents import certificate
from shaanxi_transfer.engine import luck


@pytest.fixture
def rules(small: Any) -> Any:
    """Tax saved is half a percent of sales; a yuan of R&D too much costs half; a percent is relabelled."""
    small.set(
        "firms", certification_opens=2008.0, certification_revision=2016.0, firm_margin=0.05,
        research_net_cost=0.5, relabelling_ease=0.01, certificate_cost=1000.0,
    )  # fmt: skip
    return small


@pytest.mark.parametrize(
    ("sales", "date", "share"),
    [
        (5e7 - 1, 2007.9, 0.0),
        (5e7 - 1, 2008.0, 0.06),
        (5e7 - 1, 2015.9, 0.06),
        (5e7 - 1, 2016.0, 0.05),
        (5e7, 2016.0, 0.04),
        (2e8 - 1, 2010.0, 0.04),
        (2e8, 2010.0, 0.03),
    ],
)
def test_what_is_asked_follows_size_and_date(rules: Any, sales: float, date: float, share: float) -> None:
    rules.now.date = date
    assert certificate.share_asked(sales, rules.terms.firms, rules.now) == share
    firm = rules.firm(members=4, revenue=int(4 * sales), intensity=0.02)
    assert certificate.missing(firm, rules.terms.firms, rules.now) == pytest.approx(max(0.0, share - 0.02))


@pytest.mark.parametrize(
    ("lift", "other", "cost"),
    [(0.0, 0.0, 0.0), (0.005, 0.005, 0.00125 / 2), (0.01, 0.01, 0.0025), (0.03, 0.01, 0.0125)],
)
def test_relabelling_is_cheap_at_first_and_r_and_d_fills_the_rest(
    rules: Any, lift: float, other: float, cost: float
) -> None:
    assert certificate.relabelled(lift, rules.terms.firms) == other
    assert certificate.cost_of_lift(lift, rules.terms.firms) == pytest.approx(cost)


def pays(small: Any, subsidy: float = 0.0, **columns: Any) -> bool:
    firm = small.firm(**{"members": 2, "revenue": 2 * 10**6, "intensity": 0.06, **columns})
    return bool(certificate.certificate_pays(firm, subsidy, small.terms.firms, small.now))


def test_it_pays_where_the_tax_saved_exceeds_the_lift(rules: Any) -> None:
    rules.set("firms", certificate_cost=0.0)
    # Tax saved is 0.005 of sales: 0.0025 for a percent relabelled, 0.0025 for half a percent of R&D.
    for intensity, worth in ((0.06 - 0.015 + 1e-6, True), (0.06 - 0.015 - 1e-6, False)):
        assert pays(rules, intensity=intensity) == worth
    rules.set("firms", relabelling_ease=0.0)
    for intensity, worth in ((0.06 - 0.01 + 1e-6, True), (0.06 - 0.01 - 1e-6, False)):
        assert pays(rules, intensity=intensity) == worth


def test_it_pays_for_firms_large_enough_or_with_a_subsidy(rules: Any) -> None:
    # Three years at 0.005 of sales of a million each.
    for cost, subsidy, worth in ((14_999.0, 0.0, True), (15_001.0, 0.0, False), (15_001.0, 2.0, True)):
        rules.set("firms", certificate_cost=cost)
        assert pays(rules, subsidy) == worth
        assert pays(rules, subsidy, revenue=2 * 10**5) is False


def test_at_the_start_those_for_whom_it_pays_hold_it(rules: Any) -> None:
    given = {"members": 500, "revenue": 500 * 10**6, "research_user": True, "born": 2014.0}
    seeker = rules.firm(intensity=0.06, **given)
    others = [
        rules.firm(intensity=0.0, **given),
        rules.firm(**{**given, "intensity": 0.06, "born": 2014.01}),
        rules.firm(**{**given, "intensity": 0.06, "research_user": False}),
    ]
    firms = rules.enterprises.rows
    assert certificate.count_seekers(firms, rules.terms.firms, rules.now) == 500
    certificate.certify_first(firms, 0.3, rules.terms.firms, rules.now, rules.seed)
    u = rules.draw(certificate.FIRST, seeker.key, step=0)
    assert firms["certified"][0] == luck.binomial_quantile(u, 500, 0.3)
    assert not any(one.certified for one in others)
