"""The decision to register, by hand: every gain against every cost, on both sides of each threshold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaanxi_transfer.agents.goods import CONSULTING, DEVELOPMENT, SERVICE, TRANSFER
from shaanxi_transfer.agents.registering import AUDITED, CALLED, DRESSED, TermsOfEntry, declare
from shaanxi_transfer.engine import luck

MECHANISM = luck.mechanism("a contract of the tests")
HALF = 0.5
"""Place at which a contract's paper costs what it usually does."""


@pytest.fixture
def decide(small: Any) -> Any:
    """Decide on a contract of 1000 yuan, a service, whose paper costs the usual 10."""
    chances = small.stream(MECHANISM, 5, small.step)

    def decided(
        value: int = 1000, kind: int = SERVICE, certified: float = 0.0, entry: float = HALF, **terms: Any
    ) -> tuple[int, int]:
        given = {"gain": 0.0, "bound_gain": 0.0, "paper": 10.0, **terms}
        found = declare(value, kind, certified, entry, chances, 3, small.TERMS._replace(**given))
        return int(found[0]), int(found[1])

    decided.place = luck.pick(chances, DRESSED + 3)  # type: ignore[attr-defined]
    return decided


@pytest.mark.parametrize("kind", [DEVELOPMENT, TRANSFER])
@pytest.mark.parametrize(("gain", "parts"), [(0.0099, 0), (0.0101, 1)])
def test_development_and_transfer_are_entered_for_their_relief(
    decide: Any, kind: int, gain: float, parts: int
) -> None:
    assert decide(kind=kind, gain=gain) == (kind, parts)
    assert decide(kind=SERVICE, gain=gain) == (SERVICE, 0), "a service has no part in it"


@pytest.mark.parametrize("kind", [CONSULTING, SERVICE])
@pytest.mark.parametrize(("gain", "parts"), [(0.0099, 0), (0.0101, 1)])
def test_services_and_consulting_only_for_what_they_gain_themselves(
    decide: Any, kind: int, gain: float, parts: int
) -> None:
    assert decide(kind=kind, bound_gain=gain) == (kind, parts)


def test_a_contract_is_entered_whose_gain_exceeds_its_own_paper(decide: Any) -> None:
    # At three quarters of the way the paper costs three times the usual.
    assert decide(entry=0.75, bound_gain=0.0299) == (SERVICE, 0)
    assert decide(entry=0.75, bound_gain=0.0301) == (SERVICE, 1)
    # Larger contracts bring more for the same paper.
    assert decide(value=990, bound_gain=0.01)[1] == 0 and decide(value=1010, bound_gain=0.01)[1] == 1


@given(value=st.integers(1, 10**10), threshold=st.floats(1.0, 1e7), entry=st.floats(1e-9, 1.0 - 1e-9))
def test_with_one_gain_for_all_it_is_the_form_that_the_counts_asked_for(
    value: int, threshold: float, entry: float
) -> None:
    terms = TermsOfEntry(1.0, 1.0, 0.0, 0.0, 0.0, threshold, 0.0, 0.0, 0.0, 0.0, 1, 0.0, 0.0)
    entered = declare(value, DEVELOPMENT, 0.0, entry, MECHANISM, 0, terms)[1]
    chance = value / (value + threshold)
    if abs(entry - chance) > 1e-12:
        assert entered == (entry < chance)


@pytest.mark.parametrize(("gain", "parts"), [(0.0199, 0), (0.0201, 1)])
def test_a_certificate_makes_it_worth_more(decide: Any, gain: float, parts: int) -> None:
    assert decide(certified=0.5, certified_gain=gain)[1] == parts
    assert decide(certified=0.0, certified_gain=gain)[1] == 0


@pytest.mark.parametrize(("rate", "parts"), [(0.0099, 0), (0.0101, 1)])
def test_a_reward_makes_it_worth_the_paper(decide: Any, rate: float, parts: int) -> None:
    assert decide(reward=rate, reward_cap=100.0)[1] == parts


@pytest.mark.parametrize(("cap", "parts"), [(9.9, 0), (10.1, 1)])
def test_a_cap_on_the_reward_holds_it_back(decide: Any, cap: float, parts: int) -> None:
    assert decide(reward=0.5, reward_cap=cap)[1] == parts


def near(decide: Any, share: float = 1.0, **terms: Any) -> int:
    """Type under which a service is entered that may bring 20 yuan more as development."""
    given = {"gain": 1.02, "bound_gain": 1.0, "near_development": share, "spared": 1.0, **terms}
    declared, parts = decide(**given)
    assert parts == 1
    return int(declared)


def test_only_what_is_near_to_development_passes_for_it(decide: Any) -> None:
    assert near(decide, share=decide.place * 0.999) == SERVICE
    assert near(decide, share=decide.place * 1.001) == DEVELOPMENT
    assert near(decide, share=1.0, kind=TRANSFER) == TRANSFER, "has all the relief as it is"


def test_a_service_is_declared_as_development_if_the_relief_exceeds_the_dressing(decide: Any) -> None:
    own = 20.0 * (1.0 - decide.place) / decide.place
    assert near(decide, dressing=own * 0.999) == DEVELOPMENT
    assert near(decide, dressing=own * 1.001) == SERVICE


def test_what_audits_take_back_deters(decide: Any) -> None:
    # A dressing at which half of the gain is just worth it.
    own = 10.0 * (1.0 - decide.place) / decide.place
    assert near(decide, dressing=own, spared=0.501) == DEVELOPMENT
    assert near(decide, dressing=own, spared=0.499) == SERVICE
    assert near(decide, spared=0.0) == SERVICE


def test_relabelling_may_be_what_makes_it_worth_the_paper(decide: Any) -> None:
    terms = {"gain": 0.02, "bound_gain": 0.0, "near_development": 1.0, "spared": 1.0}
    left = 10.0 * (1.0 - decide.place) / decide.place
    assert decide(**terms, dressing=left * 0.99) == (DEVELOPMENT, 1)
    assert decide(**terms, dressing=left * 1.01) == (SERVICE, 0)


def split(decide: Any, **terms: Any) -> int:
    """Parts of a contract that may be rewarded with 100 yuan, 30 for each registered contract."""
    given = {"bound_gain": 1.0, "reward": 0.1, "reward_cap": 30.0, "spared": 1.0, "parts": 9, **terms}
    return int(decide(**given)[1])


def test_a_contract_is_split_if_more_reward_pays_for_more_paper(decide: Any) -> None:
    # Four parts bring 70 yuan more and cost the paper of three contracts.
    assert split(decide, paper=70.0 / 3.0 * 0.999) == 4
    assert split(decide, paper=70.0 / 3.0 * 1.001) == 1
    # In two parts only 30 more, for the paper of one.
    assert split(decide, parts=2, paper=29.9) == 2
    assert split(decide, parts=2, paper=30.1) == 1
    assert split(decide, parts=1) == 1
    assert split(decide, spared=0.0) == 1 and split(decide, paper=7.0, spared=0.299) == 1
    assert split(decide, paper=7.0, spared=0.301) == 4


def test_nothing_is_split_below_the_cap(decide: Any) -> None:
    assert split(decide, reward_cap=100.0, paper=0.0) == 1
    assert split(decide, reward_cap=99.9, paper=0.0) == 2


@given(
    value=st.integers(1, 10**9), kind=st.integers(0, 3), entry=st.floats(0.001, 0.999), k=st.integers(0, 99),
    reward=st.floats(0.0, 0.02), cap=st.floats(1.0, 1e5), spared=st.floats(0.0, 1.0),
)  # fmt: skip
def test_what_is_entered_without_a_reward_is_entered_with_it(
    value: int, kind: int, entry: float, k: int, reward: float, cap: float, spared: float
) -> None:
    """Common luck: a lever adds entries, and takes none away."""
    terms = TermsOfEntry(0.023, 0.008, 0.002, 0.0, cap, 600.0, 0.5, 2e4, spared, 0.05, 3, 0.0, 0.0)
    before = declare(value, kind, 0.5, entry, MECHANISM, k, terms)
    after = declare(value, kind, 0.5, entry, MECHANISM, k, terms._replace(reward=reward))
    assert after[1] >= before[1] and (before[1] == 0 or after[0] == before[0])


def test_further_draws_lie_far_behind_those_of_every_contract() -> None:
    assert min(DRESSED, AUDITED, CALLED) > 10**9 and len({DRESSED, AUDITED, CALLED}) == 3
