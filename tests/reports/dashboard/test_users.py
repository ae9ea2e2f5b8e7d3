"""So many pages at once: one too many is refused, one that was closed makes room."""

from __future__ import annotations

import pytest

from shaanxi_transfer.reports.dashboard.users import Full, Users


def test_one_too_many_is_refused_until_one_is_gone() -> None:
    now = 0.0
    users = Users(2, patience=60.0, clock=lambda: now)
    assert users.hear("a") == [] and users.hear("b") == []
    for ask in (users.look, lambda: users.hear("c")):
        with pytest.raises(Full):
            ask()
    now = 50.0
    users.hear("b")
    now = 61.0
    users.look()
    assert len(users) == 2, "to look takes no place"
    assert users.hear("c") == ["a"] and len(users) == 2
    users.forget("c")
    assert users.hear("d") == []
    now = 500.0
    assert users.hear("d") == ["b"] and len(users) == 1
