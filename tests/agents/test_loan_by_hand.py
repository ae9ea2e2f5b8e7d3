"""Loans: who asks, what a bank refuses, what is due, and who bears what is lost."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import loan
from shaanxi_transfer.engine import luck


def asking(small: Any, room: int = 3000) -> tuple[list[int], Any]:
    rows, members, priority = np.zeros(room, np.int64), np.zeros(room, np.int64), np.zeros(room)
    found = loan.ask_for_loans(
        small.enterprises.rows,
        small.terms.finance,
        small.now,
        small.seed,
        rows,
        members,
        priority,
    )
    return np.bincount(rows[:found], minlength=len(small.enterprises)).tolist(), (members, priority)


def test_small_firms_a_year_old_ask_wherever_they_are(small: Any) -> None:
    small.set("finance", loan_demand_hazard=2.0)
    for columns in ({"bound": 100}, {"city": 1}, {"large": True}, {"born": 2014.01}):
        small.firm(**{"members": 500, "born": 2014.0, **columns})
    draws = [small.draw(loan.ASK, key) for key in small.enterprises.rows["key"]]
    near, far = (
        luck.binomial_quantile(draws[i], members, 1.0 - math.exp(-0.5)) for i, members in ((0, 400), (1, 500))
    )
    found, (members, priority) = asking(small)
    assert found == [near, far, 0, 0] and members[:3].tolist() == [0, 1, 2]
    assert priority[1] == small.draw(loan.ASK, small.enterprises.rows["key"][0], 2)
    assert sum(asking(small, room=5)[0]) == 5


def rank(small: Any, firm: Any, key: int = 9) -> float:
    return loan.credit_rank(firm, np.uint64(key), small.terms.finance, small.now, small.seed)


@pytest.fixture
def scoring(small: Any) -> Any:
    small.set(
        "finance",
        firm_size_ln_sd=1.5,
        loan_score_observable=0.36,
        linkage_points=0.3,
        loan_collateral_penalty=0.4,
        loan_collateral_share=0.0,
    )
    return small


def normal(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def test_the_score_joins_what_is_seen_and_what_is_not(scoring: Any) -> None:
    firm = scoring.firm(members=4, certified=1, ln_size=1.0, growth=0.5, born=2003.0)
    own, lack = scoring.two(loan.SCORE, 9, 0)
    # Size (1.5 / 1.5 + 0.75), age (12 - 7) / 5, and 2 / 4 - 0.7 for the certificate.
    seen = (1.75 + 1.0 - 0.2) / math.sqrt(3.0)
    score = 0.6 * seen + 0.8 * luck.normal_quantile(own)
    assert rank(scoring, firm) == pytest.approx(normal(score))
    firm.equity = 1
    assert rank(scoring, firm) == pytest.approx(normal(score + 0.3)), "an investor vouches for it"
    firm.equity = 0
    for share, points in ((lack * (1 - 1e-9), 0.0), (lack * (1 + 1e-9), -0.4)):
        scoring.set("finance", loan_collateral_share=share / (1.0 - normal(1.75)))
        assert rank(scoring, firm) == pytest.approx(normal(score + points)), "the larger lack collateral less"
    firm.born = 1990.0
    oldest = rank(scoring, firm)
    firm.born = 2000.0
    assert rank(scoring, firm) == oldest, "older than 15 years is no better"
    firm.born = 2000.1
    assert rank(scoring, firm) < oldest


@pytest.fixture
def lending(scoring: Any) -> Any:
    """One bank that lends 101 yuan to the one who asks, whatever his score, and all in the programme."""
    scoring.set(
        "finance", loan_mean=100.0, loan_ln_sd=0.0, loan_growth=math.log(1.5), loan_revenue_share=0.1,
        loan_years=2.0, loan_default_hazard=0.0, branch_capacity=2.0, bank_approval_share=1.0,
        guarantee_additionality=0.0, compensation_leverage=10.0, compensation_threshold_effect=0.0,
        compensation_enrolment=1.0, loan_amount_by_share=0.0,
    )  # fmt: skip
    scoring.levers.compensation_threshold = 9.0
    scoring.add(scoring.funds, cash=1000)
    # A score of 1 is passed by nobody without the programme.
    scoring.add(scoring.banks, member=True, share=0.5, capacity=100, threshold=1.0)
    scoring.firm(members=2, revenue=3000, born=2005.0)
    return scoring


def decide(small: Any, asks: int = 1) -> Any:
    loans = small.finance.loans
    loans.reserve(asks)
    loans.close(
        loan.decide_loans(
            small.banks.rows,
            small.enterprises.rows,
            np.arange(asks),
            np.zeros(asks, np.int64),
            np.arange(asks),
            0,
            0,
            loans.storage,
            0,
            small.terms.finance,
            small.levers,
            small.now,
            small.seed,
            small.purse,
            small.flows,
        )
    )
    return loans.rows


def test_a_granted_loan_stands_in_all_books(lending: Any) -> None:
    (one,) = decide(lending)
    bank, firm = lending.banks.rows[0], lending.enterprises.rows[0]
    assert (one.principal, one.outstanding, one.share, one.open, one.fails) == (101, 101, 0.5, True, False)
    assert (one.granted, one.due, one.firm_key, one.bank) == (2015.0, 2017.0, firm.key, 0)
    assert (bank.lent, bank.book, bank.loans, bank.cash) == (101, 101, 1, 0)
    assert (bank.ordinary_book, bank.guaranteed, bank.additional) == (0, 50, 101)
    assert (firm.cash, firm.debt, firm.bound, firm.growth) == (101, 101, 1, 0.0)
    assert (
        lending.paid("loan", "bank", "enterprise") == 101 == lending.paid("bank_funding", "outside", "bank")
    )
    lending.books.close()


# What refuses, just beyond its threshold; a revenue of 2020 for two members carries a loan of 101.
@pytest.mark.parametrize(
    ("column", "granted", "refused"),
    [
        (("banks", "capacity"), 51, 50),
        (("banks", "member"), True, False),
        (("enterprises", "revenue"), 2020, 2019),
        (("funds", "cash"), 1, 0),
    ],
)
def test_what_a_bank_refuses(lending: Any, column: tuple[str, str], granted: int, refused: int) -> None:
    table, name = column
    for value, number in ((granted, 1), (refused, 0)):
        lending.banks.rows["lent"] = lending.banks.rows["book"] = 0
        getattr(lending, table).rows[name] = value
        assert len(decide(lending)) == number


def test_lots_of_one_year_count_against_the_capacity(lending: Any) -> None:
    assert len(decide(lending, asks=3)) == 1
    lending.banks.rows["lent"], lending.banks.rows["capacity"] = 0, 102
    assert len(decide(lending, asks=3)) == 2


def test_the_score_must_pass_the_threshold_and_the_committee_agree(lending: Any) -> None:
    firm = lending.enterprises.rows[0]
    key = luck.child_key(firm.key, loan.LOAN, lending.step, 0)
    lending.levers.compensation_threshold = 0.0
    score = rank(lending, firm, int(key))
    agreed, project = lending.two(loan.LOAN, key, 0, 1)
    for threshold, share, number in (
        (score * (1 - 1e-9), 1.0, 1),
        (score * (1 + 1e-9), 1.0, 0),
        (0.001, agreed * (1 + 1e-9), 1),
        (0.001, agreed * (1 - 1e-9), 0),
    ):
        lending.banks.rows["lent"] = 0
        lending.banks.rows["threshold"] = threshold
        lending.set("finance", bank_approval_share=share)
        assert len(decide(lending)) == number, (threshold, share)
    lending.banks.rows["threshold"], lending.banks.rows["lent"] = 0.001, 0
    lending.set("finance", bank_approval_share=1.0)
    for share, growth in ((project * (1 - 1e-9), 0.0), (project * (1 + 1e-9), math.log(1.25))):
        # Who passes without the programme would have gone ahead: the score stays below the threshold.
        lending.banks.rows["threshold"], lending.levers.compensation_threshold = 1.0, 9.0
        lending.banks.rows["lent"], firm.growth, firm.debt = 0, 0.0, 0
        lending.set("finance", guarantee_additionality=share)
        decide(lending)
        assert firm.growth == pytest.approx(growth), "half of the row grows by half"


def test_a_pool_promises_a_share_of_what_it_can_cover(lending: Any) -> None:
    lending.funds.rows["cash"] = 10
    lending.banks.rows["book"] = 99
    (one,) = decide(lending)
    # Ten yuan cover a hundred: half of the two hundred now lent.
    assert one.share == pytest.approx(0.25)


@pytest.mark.parametrize(("years", "fails"), [(1.999, True), (2.001, False)])
def test_a_worse_score_fails_sooner(lending: Any, years: float, fails: bool) -> None:
    firm = lending.enterprises.rows[0]
    key = luck.child_key(firm.key, loan.LOAN, lending.step, 0)
    survival = -math.log(luck.draw_uniform(int(lending.seed), int(loan.DEFAULT), int(key)))
    lending.set(
        "finance", loan_default_hazard=survival / years / (2.0 * (1.0 - rank(lending, firm, int(key))))
    )
    (one,) = decide(lending)
    assert one.due == pytest.approx(2015.0 + min(years, 2.0)) and one.fails == fails


def test_amounts_are_lognormal_about_their_mean(lending: Any) -> None:
    lending.set("finance", loan_mean=1e6, loan_ln_sd=0.8, loan_revenue_share=1e9)
    lending.banks.rows["capacity"] = 10**9
    key = luck.child_key(lending.enterprises.rows[0].key, loan.LOAN, lending.step, 0)
    z = luck.normal_quantile(lending.two(loan.LOAN, key, 0)[1])
    assert decide(lending)["principal"].tolist() == [int(1e6 * math.exp(0.8 * z - 0.32)) + 1]


@pytest.fixture
def ordinary(lending: Any) -> Any:
    """The bank, to whose threshold the applicant's score is, programme or not."""
    firm = lending.enterprises.rows[0]
    key = luck.child_key(firm.key, loan.LOAN, lending.step, 0)
    lending.score = rank(lending, firm, int(key))
    lending.reached, lending.enrolled = lending.two(loan.LOAN, key, 0, 2)
    lending.banks.rows["threshold"] = lending.score * (1 - 1e-9)
    return lending


@pytest.mark.parametrize("off", ["member", "pool", "share", "reach", "enrolment"])
@pytest.mark.parametrize("passes", [True, False])
def test_without_the_programme_a_loan_is_ordinary_for_who_passes(
    ordinary: Any, off: str, passes: bool
) -> None:
    if not passes:
        ordinary.banks.rows["threshold"] = ordinary.score * (1 + 1e-9)
    if off == "member":
        ordinary.banks.rows["member"] = False
    elif off == "pool":
        ordinary.funds.rows["cash"] = 0
    elif off == "share":
        ordinary.banks.rows["share"] = 0.0
    elif off == "reach":
        ordinary.enterprises.rows["city"] = 1
    elif passes:
        ordinary.set("finance", compensation_enrolment=ordinary.enrolled * (1 - 1e-9))
    else:
        ordinary.levers.compensation_threshold = -9.0
    rows = decide(ordinary)
    assert len(rows) == int(passes)
    bank, firm = ordinary.banks.rows[0], ordinary.enterprises.rows[0]
    assert bank.ordinary_book == bank.lent == firm.debt == 101 * passes and firm.growth == 0.0
    assert (bank.book, bank.loans, bank.guaranteed, bank.additional) == (0, 0, 0, 0)
    assert ordinary.paid("ordinary_loan", "bank", "enterprise") == 101 * passes
    assert ordinary.paid("loan", "bank", "enterprise") == 0 and not rows["share"].any()


def test_what_a_bank_would_lend_anyway_it_enrols_in_part_and_that_adds_nothing(ordinary: Any) -> None:
    ordinary.set(
        "finance", compensation_enrolment=ordinary.enrolled * (1 + 1e-9), guarantee_additionality=1.0
    )
    (one,) = decide(ordinary)
    bank = ordinary.banks.rows[0]
    assert (one.share, bank.book, bank.ordinary_book, bank.additional) == (0.5, 101, 0, 0)
    assert ordinary.enterprises.rows[0].growth == 0.0, "it would have gone ahead"


@pytest.mark.parametrize(("side", "share"), [(-1, 0.0), (1, 0.5)])
def test_beyond_the_capital_the_programme_serves_whom_it_reaches(
    ordinary: Any, side: int, share: float
) -> None:
    ordinary.enterprises.rows["city"] = 1
    ordinary.levers.compensation_reach = ordinary.reached * (1 + side * 1e-9)
    (one,) = decide(ordinary)
    assert one.share == share


@pytest.mark.parametrize(("revenue", "amount"), [(9000, 121), (2300, 115)])
def test_a_covered_loan_is_larger_as_far_as_the_revenue_goes(
    ordinary: Any, revenue: int, amount: int
) -> None:
    ordinary.set("finance", loan_amount_by_share=0.4)
    ordinary.enterprises.rows["revenue"] = revenue
    ordinary.banks.rows["capacity"] = 1000
    (one,) = decide(ordinary)
    assert one.principal == amount == 101 + ordinary.banks.rows[0].additional
    ordinary.banks.rows["share"] = 0.0
    (one,) = decide(ordinary)
    assert one.principal == 101


def settle(small: Any, **columns: Any) -> tuple[Any, Any, Any]:
    """Settle a loan of 100 whose firm has 1000 and whose pool has 40."""
    small.set("finance", loan_rate=0.06, loan_years=2.0)
    cash = columns.pop("cash", 1000)
    small.add(small.funds, cash=columns.pop("pool", 40))
    ordinary = columns.get("share") == 0.0
    bank = small.add(small.banks, **{"ordinary_book" if ordinary else "book": 100})
    firm = small.firm(cash=cash, debt=100, bound=1)
    given = {
        "principal": 100,
        "outstanding": 100,
        "granted": 2013.0,
        "due": 2015.0,
        "share": 0.3,
        "open": True,
    }
    one = small.add(small.finance.loans, **{**given, **columns})
    loan.settle_loans(
        small.finance.loans.rows, small.banks.rows, small.enterprises.rows, 0, small.terms.finance, small.now,
        small.purse, small.flows,
    )  # fmt: skip
    small.books.close()
    return one, firm, bank


def test_a_loan_is_repaid_with_interest(small: Any) -> None:
    one, firm, bank = settle(small)
    assert (one.open, one.outstanding, firm.cash, firm.debt, firm.bound) == (False, 0, 1000 - 112, 0, 0)
    assert (bank.book, bank.settled, bank.defaulted, bank.lost, bank.cash) == (0, 100, 0, 0, 0)
    assert small.paid("interest", "enterprise", "bank") == 12
    assert small.paid("bank_funding", "bank", "outside") == 112 and small.cash("fund") == 40


def test_interest_is_paid_as_far_as_the_cash_goes(small: Any) -> None:
    _, firm, _ = settle(small, cash=105)
    assert firm.cash == 0 and small.paid("interest", "enterprise", "bank") == 5


@pytest.mark.parametrize(("pool", "borne"), [(40, 30), (29, 29)])
def test_a_loss_is_borne_by_the_pool_for_its_share_and_by_the_bank(small: Any, pool: int, borne: int) -> None:
    one, firm, bank = settle(small, fails=True, pool=pool)
    assert (one.open, firm.cash, firm.debt, firm.bound) == (False, 1000, 0, 0), "who fails repays nothing"
    assert (bank.settled, bank.defaulted, bank.compensated, bank.lost) == (100, 100, borne, 100 - borne)
    assert small.paid("loss_compensation", "fund", "bank") == borne and bank.book == 0


@pytest.mark.parametrize(("cash", "owed"), [(1000, 0), (60, 40)])
def test_an_ordinary_loan_is_settled_apart_from_the_programme(small: Any, cash: int, owed: int) -> None:
    _, firm, bank = settle(small, share=0.0, cash=cash)
    assert bank.ordinary_book == firm.debt == owed and (bank.book, bank.settled) == (0, 0)


def test_the_bank_bears_the_loss_of_an_ordinary_loan(small: Any) -> None:
    one, firm, bank = settle(small, share=0.0, fails=True)
    assert (one.open, firm.debt, bank.ordinary_book, bank.lost) == (False, 0, 0, 100)
    assert (bank.book, bank.settled, bank.defaulted, bank.compensated) == (0, 0, 0, 0)
    assert small.cash("fund") == 40


def test_who_is_short_of_money_repays_what_he_has_and_owes_the_rest(small: Any) -> None:
    one, firm, bank = settle(small, cash=99)
    assert (one.open, one.outstanding, one.due, firm.cash, firm.debt, firm.bound) == (
        True,
        1,
        2017.0,
        0,
        1,
        1,
    )
    assert (bank.book, bank.settled, bank.defaulted, bank.cash) == (1, 99, 0, 0)
    assert small.paid("interest", "enterprise", "bank") == 0


@pytest.mark.parametrize(
    ("columns", "settled"), [({"due": 2015.125}, 100), ({"due": 2015.126}, 0), ({"open": False}, 0)]
)
def test_a_loan_is_settled_in_the_step_of_its_date(small: Any, columns: dict[str, Any], settled: int) -> None:
    assert settle(small, **columns)[2].settled == settled
