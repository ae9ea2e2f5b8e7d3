"""Transfer offices: which results are cases, and how many of them their people bring before buyers."""

from __future__ import annotations

from typing import Any

import pytest

from shaanxi_transfer.agents import transfer_office
from shaanxi_transfer.agents.goods import SOLD
from shaanxi_transfer.agents.result import NO_DATE
from shaanxi_transfer.engine.books import SECTOR

UNIVERSITY = SECTOR["university"]


@pytest.mark.parametrize(
    ("columns", "case"),
    [({}, True), ({"offered": NO_DATE}, True), ({"owner_sector": SECTOR["military_unit"]}, False),
     ({"state": SOLD}, False), ({"disclosed": False}, False), ({"classified": True}, False),
     ({"seeking": True}, False)],
)  # fmt: skip
def test_a_case_is_what_a_university_may_show_and_has_not_shown(
    small: Any, columns: dict[str, Any], case: bool
) -> None:
    one = small.add(
        small.results, **{"owner_sector": UNIVERSITY, "disclosed": True, "offered": 2018.0, **columns}
    )
    assert transfer_office.is_case(one) == case


def office(small: Any, staff: float, results: int = 1, **columns: Any) -> Any:
    """Give a university an office and so many results that wait."""
    small.add(small.producers["university"], staff=staff)
    for _ in range(results):
        small.add(
            small.results, **{"owner_sector": UNIVERSITY, "disclosed": True, "offered": 2018.0, **columns}
        )
    return small


def take_up(small: Any, success: float) -> int:
    parameters = small.set("results", office_cases_per_person=4.0, office_success=success)
    return transfer_office.take_up_cases(
        small.results.rows, small.producers["university"].rows, parameters, small.now, small.seed
    )


# With two people there is time for eight cases a year: for all of eight results, half of sixteen.
@pytest.mark.parametrize(("results", "a_year"), [(1, 1.0), (8, 1.0), (16, 0.5)])
@pytest.mark.parametrize(("side", "taken"), [(-1, False), (1, True)])
def test_people_have_time_for_so_many_cases(
    small: Any, results: int, a_year: float, side: int, taken: bool
) -> None:
    office(small, 2.0, results)
    one = small.results.rows[0]
    hazard = small.hazard(small.draw(transfer_office.CASE, one.key)) * (1 + side * 1e-9)
    found = take_up(small, hazard / a_year)
    assert (one.offered == 2015.0) == taken and not one.seeking
    assert found == (small.results.rows["offered"] == 2015.0).sum()


def test_who_was_passed_over_is_shown_to_somebody_else_and_without_people_nothing_is(small: Any) -> None:
    office(small, 1.0, offered=NO_DATE)
    assert take_up(small, 1e9) == 1
    assert small.results.rows["seeking"].all() and small.results.rows["offered"][0] == NO_DATE
    small.results.rows["seeking"] = False
    small.producers["university"].rows["staff"] = 0.0
    assert take_up(small, 1e9) == 0
    small.add(small.producers["university"], staff=1.0)
    assert take_up(small, 1e9) == 0, "the other office has people, and no case"
