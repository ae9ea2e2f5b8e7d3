"""The plan's projects hold each task once."""

from __future__ import annotations

from shaanxi_transfer.scenarios import TASKS
from shaanxi_transfer.scenarios.choosing.projects import ORGANISATION, projects_of_the_plan


def test_seven_projects_and_the_measures_hold_every_task_once_in_the_plans_order() -> None:
    found = projects_of_the_plan()
    assert list(found) == [*(f"project_{number}" for number in range(1, 8)), ORGANISATION]
    assert tuple(task for tasks in found.values() for task in tasks) == TASKS
    assert [len(tasks) for tasks in found.values()] == [4, 5, 5, 3, 3, 2, 3, 3]
