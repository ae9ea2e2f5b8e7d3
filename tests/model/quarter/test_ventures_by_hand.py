"""Firms out of research in a step: whose they are, who stays, and what binds their number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import founders, venture
from shaanxi_transfer.agents.goods import IDLE, SPUN_OFF
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR, SECTORS
from shaanxi_transfer.model.quarter import rights, ventures
from shaanxi_transfer.model.state.step_counts import StepCounts

MILITARY, UNIVERSITY = SECTOR["military_unit"], SECTOR["university"]
KINDS = SECTORS[:3]
WORDS = ("university", "institute", "military")


@pytest.fixture
def home(step: Any) -> Any:
    """Each kind of owner with a billion yuan of R&D in the step, founding nothing yet; everybody stays."""
    step.set("firms", **step.MEASURES)
    step.set(
        "results",
        founder_career_cost=2e6,
        founder_capital=1e6,
        founder_usual_cost=3e6,
        founder_financed_share=0.0,
        founder_subsidy_offered=0.0,
        founding_approved_share=0.5,
        founding_approval_years=1.0,
        founding_share=0.02,
        no_pilot_success=0.5,
        pilot_success=0.5,
        transfer_ln_sd=0.0,
        venture_worth_ln_sd=1.5,
        technical_career=1.0,
        founder_reluctance_ln_sd=2.0,
        spin_off_stays=1.0 - 1e-12,
    )
    step.counts, step.now.output_index = StepCounts(2), 1.0
    step.values.update(
        transfer_mean_value=0.0,
        founding_approved_share=0.5,
        founding_share=0.02,
        people_firms_per_billion_rd=0.0,
        one_institute_per_billion_rd=0.0,
        one_institute_copy=0.0,
        one_institute_since=2007.0,
        **{f"owner_firms_per_billion_rd_{word}": 0.0 for word in WORDS},
    )
    step.steered = {**step.values, **{f"transfer_probability_{word}": 0.0 for word in WORDS}}
    for kind in KINDS:
        step.add(step.producers[kind], rd=10**9, rd_share=1.0, venturing=1.0, equity_share=0.5, city=1)
    return step


def test_firms_on_results_belong_to_their_owner_and_stay_by_luck(home: Any) -> None:
    home.treasuries.rows["cash"][0], home.levers.founder_subsidy = 50, 40.0
    home.books.open()
    owner = home.producers["university"].rows[0]
    owner.own_decision = 1.0
    one = home.add(home.results, quality=50.0, founding=2015.0, city=1, field=1)
    key = luck.child_key(one.key, venture.VENTURE, 0, 0)
    chance = home.draw(venture.HOME, key, step=0)
    for side, founded in ((-1, 0), (1, 1)):
        one.buyer_key, one.state, one.founding = 0, IDLE, 2015.0
        home.set("results", spin_off_stays=chance * (1 + side * 1e-9))
        ventures.found_on_results(home)
        assert len(home.enterprises) == founded and one.buyer_key == key and one.state == SPUN_OFF
    (firm,) = home.enterprises.rows
    assert (firm.key, firm.city, firm.field, firm.appetite, firm.cash) == (key, 1, 1, 1.0, 40)
    assert (owner.ventures, owner.transferred, owner.founded) == (2, 2, 0)
    assert home.counts.founded_on_results[UNIVERSITY] == 2 == home.totals.ventures
    ventures.found_on_results(home)
    assert home.totals.ventures == 2, "nothing to found"


def test_before_the_start_founders_leave_no_firm_behind(home: Any) -> None:
    home.producers["university"].rows["own_decision"] = 1.0
    home.values["owner_firms_per_billion_rd_military"] = 30.0
    one = home.add(home.results, quality=50.0, founding=2015.0)
    ventures.pass_by(home)
    assert one.state == SPUN_OFF and one.buyer_key == luck.child_key(one.key, venture.VENTURE, 0, 0)
    assert len(home.enterprises) == 0 == home.totals.ventures == home.producers["university"].rows[0].ventures
    assert home.producers["military_unit"].rows[0].founded > 0


def test_joint_firms_are_founded_on_military_results(home: Any) -> None:
    home.values["joint_firm_additional"] = 0.5
    for sector in (MILITARY, UNIVERSITY, MILITARY, MILITARY):
        home.add(home.results, owner_sector=sector, seeking=True, state=IDLE)
    ventures.found_joint_firms(home)
    assert home.supported["joint firms"] == 0
    home.levers.military_joint_firms = 16.0
    ventures.found_joint_firms(home)
    assert home.supported["joint firms"] == 2 == home.counts.founded_on_results[MILITARY]
    assert home.producers["military_unit"].rows[0].founded == 2 == len(home.enterprises)
    assert (home.results.rows["state"] == SPUN_OFF).sum() == 2 and home.results.rows["state"][1] == IDLE


def test_researchers_found_in_proportion_to_research(home: Any) -> None:
    home.values["people_firms_per_billion_rd"] = 10.0
    home.producers["military_unit"].rows["rd"] = 0
    ventures.found_by_people(home)
    keys = [home.producers[kind].rows[0].key for kind in KINDS[:2]]
    numbers = [luck.poisson_quantile(home.draw(founders.PEOPLE, key), 10.0) for key in keys]
    assert home.counts.founded_by_people.tolist() == [*numbers, *[0] * (len(SECTORS) - 2)]
    assert home.totals.ventures == sum(numbers) == len(home.enterprises)
    key = luck.child_key(keys[0], founders.PEOPLE, home.step, 0)
    firm = home.enterprises.rows[0]
    assert (firm.key, firm.city) == (key, 1)
    home.set("results", spin_off_stays=0.0)
    ventures.found_by_people(home)
    assert len(home.enterprises) == sum(numbers) and home.totals.ventures == 2 * sum(numbers)


def willingness(home: Any, kind: str) -> float:
    here, elsewhere = venture.willingness(SECTOR[kind], home.terms.results, home.now)
    return float(here + elsewhere)


def test_people_found_more_where_it_costs_less(home: Any) -> None:
    assert willingness(home, "university") == pytest.approx(1.0)
    found = [willingness(home, "university")]
    for terms in ({"founder_career_cost": 1.5e6}, {"founder_subsidy_offered": 7.5e5}):
        home.set("results", **terms)
        found.append(willingness(home, "university"))
    assert found == sorted(found) and found[0] < found[1] < found[2]
    home.set("results", founder_financed_share=0.5)
    half = willingness(home, "university")
    home.set("results", founder_financed_share=1.0)
    assert half == pytest.approx(0.5 * (found[2] + willingness(home, "university")))


def test_a_technical_career_keeps_people_of_institutes_from_founding(home: Any) -> None:
    home.set("results", technical_career=1.3)
    assert willingness(home, "university") == pytest.approx(1.0)
    assert willingness(home, "military_unit") == willingness(home, "research_institute") < 1.0
    home.set("results", technical_career=1.0, founder_career_cost=2.6e6)
    dearer = willingness(home, "university")
    home.set("results", technical_career=1.3, founder_career_cost=2e6)
    assert willingness(home, "research_institute") == pytest.approx(dearer)


def means_of_owners(home: Any, kind: str) -> Any:
    rows, means = home.producers[kind].rows, np.empty(len(home.producers[kind]))
    institutes, habits = home.producers["research_institute"].rows, ventures.habits_of_owners(home)
    founders.expect_firms(rows, SECTOR[kind], institutes, habits, home.now, home.seed, means)
    return means


def means(home: Any, kind: str) -> float:
    return float(means_of_owners(home, kind)[0])


def test_owners_found_by_research_and_more_where_nobody_approves(home: Any) -> None:
    home.values["owner_firms_per_billion_rd_military"] = 3.0
    rows = home.producers["military_unit"].rows
    assert means(home, "military_unit") == pytest.approx(3.0)
    rows["venturing"] = 2.0
    assert means(home, "military_unit") == pytest.approx(6.0)
    rows["own_decision"] = 0.3
    assert means(home, "military_unit") == pytest.approx(6.0 * (1.0 + 0.3 * (1.0 / 0.5 - 1.0)))
    rows["rd"] = 0
    assert means(home, "military_unit") == 0.0, "no research, no firms"


def test_one_institute_founds_a_great_many_since_its_reform(home: Any) -> None:
    home.values.update(one_institute_per_billion_rd=8.0, owner_firms_per_billion_rd_institute=1.0)
    institutes = home.producers["research_institute"]
    home.add(institutes, rd=3 * 10**9, rd_share=0.75, venturing=1.0)
    institutes.rows["rd_share"][0] = 0.25
    assert means_of_owners(home, "research_institute").tolist() == pytest.approx([1.0, 32.0])
    home.now.date = home.values["one_institute_since"] - 0.25
    assert means_of_owners(home, "research_institute").tolist() == pytest.approx([1.0, 3.0])


def test_who_copies_the_one_institute_comes_a_part_of_the_way(home: Any) -> None:
    home.values.update(one_institute_per_billion_rd=8.0, one_institute_copy=0.25)
    home.producers["research_institute"].rows["rd_share"] = 0.5
    rank = home.draw(founders.COPY, home.producers["military_unit"].rows[0].key, step=0)
    home.levers.one_institute_model = rank * (1 - 1e-9)
    assert means(home, "military_unit") == 0.0
    home.levers.one_institute_model = rank * (1 + 1e-9)
    assert means(home, "military_unit") == pytest.approx(0.25 * 16.0)
    home.levers.one_institute_model = 1.0
    assert means(home, "research_institute") == pytest.approx(16.0), "it does not copy itself"
    assert means(home, "university") == 0.0


def test_owners_firms_are_counted_and_stay(home: Any) -> None:
    home.values["owner_firms_per_billion_rd_military"] = 20.0
    home.set("results", spin_off_stays=0.0)
    ventures.found_by_owners(home)
    owner = home.producers["military_unit"].rows[0]
    number = luck.poisson_quantile(home.draw(founders.OWN, owner.key), 20.0)
    assert owner.founded == number == home.counts.founded_by_owners[MILITARY] == len(home.enterprises)
    assert owner.ventures == 0 and home.totals.ventures == number
    assert home.enterprises.rows[0].key == luck.child_key(owner.key, founders.OWN, home.step, 0)


# ---- rights ----------------------------------------------------------------------


def grant(home: Any, **levers: float) -> dict[str, list[float]]:
    for name, value in levers.items():
        setattr(home.levers, name, value)
    home.inventor_share = np.zeros((3, 1))
    home.values.update(inventor_share_above_floor=0.1, pilot_equity_share=0.7)
    rights.grant(home)
    columns = ("inventor_share", "equity_share", "own_decision")
    return {kind: [float(home.producers[kind].rows[name][0]) for name in columns] for kind in KINDS}


def test_rights_are_in_force_by_owner_and_royalty_is_not_equity(home: Any) -> None:
    found = grant(
        home, inventor_share_university=0.5, equity_share_institute=0.8, own_decision_military=0.3,
        inventor_share_military=0.95,
    )  # fmt: skip
    assert found["university"] == pytest.approx([0.6, 0.0, 0.0])
    assert found["research_institute"] == pytest.approx([0.1, 0.8, 0.0])
    assert found["military_unit"] == pytest.approx([1.0, 0.0, 0.3])
    assert home.inventor_share[:, 0].tolist() == pytest.approx([0.6, 0.1, 1.0])


def test_a_pilot_gives_ownership_and_asks_nobody(home: Any) -> None:
    rank = home.draw(rights.OWNERSHIP_PILOT, home.producers["university"].rows[0].key, step=0)
    for side, expected in ((-1, [0.5, 0.5]), (1, [0.7, 1.0])):
        found = grant(
            home, equity_share_university=0.5, own_decision_university=0.5,
            ownership_pilots=rank * (1 + side * 1e-9),
        )  # fmt: skip
        assert found["university"][1:] == pytest.approx(expected)
    found = grant(home, equity_share_university=0.8, ownership_pilots=1.0)
    assert found["university"][1:] == pytest.approx([0.8, 1.0]), "a pilot takes nothing away"
    assert found["military_unit"][1:] == [0.0, 0.0], "military units are no pilots"
