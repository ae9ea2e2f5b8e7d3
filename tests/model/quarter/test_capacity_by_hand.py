from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import maker_space
from shaanxi_transfer.agents.incubator import MAKER_SPACE
from shaanxi_transfer.engine import luck
from shaanxi_transfer.model.quarter import capacity


@pytest.mark.parametrize(("date", "counted"), [(2015.999, 0), (2016.0, 7)])
def test_seats_are_attended_from_2016_on_whoever_passes(small: Any, date: float, counted: int) -> None:
    small.set("people", training_pass_share=0.0, practising_attrition=0.0)
    small.seats, small.now.date = 7, date
    capacity.train_people(small)
    assert small.totals.attendances == counted
    assert len(small.trainees.rows) == 0


def test_a_broker_counts_once_among_those_ever_certified(small: Any) -> None:
    small.set(
        "people", demonstration_min_staff=5.0, demonstration_min_deals=20.0, demonstration_min_years=2.0,
        demonstration_certifications_reference=1e-9, demonstration_review=99.0, demonstration_exit=0.0,
        broker_exit=0.0, practising_attrition=0.0, broker_hiring=0.0, training_displacement=0.0,
        brokers_founded_reference=1.0, reputation_heed=0.0, demonstration_trust=0.0,
    )  # fmt: skip
    small.usual = SimpleNamespace(replaced=0.0, brokers=0.0, certifications=0.0)
    for staff in (9.0, 9.0, 1.0):
        small.add(small.brokers, staff=staff, places=9, deals=50, born=2010.0)
    small.levers.demonstration_certifications = 1e9
    for _ in range(2):
        capacity.renew_brokers(small)
        assert list(small.brokers.rows["certified"]) == [True, True, False]
        assert small.totals.institutions_certified == 2
        small.brokers.rows["certified"] = False


@pytest.mark.parametrize(("additional", "added"), [(0.0, 0), (1.0, 3)])
def test_teams_found_firms_in_the_city_of_their_maker_space(
    small: Any, additional: float, added: int
) -> None:
    small.set("people", team_years=1e-9, team_founding=1.0, team_additional=additional, teams_formed=0.0)
    small.set("firms", **small.MEASURES)
    space = small.add(small.incubators, kind=MAKER_SPACE, city=1, tenants=3, capacity=5)
    small.city_firms, small.field_sellers = np.array([0.5, 1.0]), np.array([0.0, 0.0, 1.0])
    capacity.house_teams(small)
    firms = small.enterprises.rows
    assert small.supported["firms of teams"] == 3 and space.tenants == 0
    keys = [luck.child_key(space.key, maker_space.FOUNDING, small.step, k) for k in range(added)]
    assert firms["key"].tolist() == keys
    assert firms["city"].tolist() == [1] * added and firms["field"].tolist() == [2] * added
