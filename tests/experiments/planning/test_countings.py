from __future__ import annotations

from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.planning.countings import check_countings, counted_as
from shaanxi_transfer.experiments.planning.definitions import Definitions

WAYS = {"in_stock": "platforms", "new": "new_platforms"}


@pytest.fixture
def definitions(fake: Any) -> Definitions:
    target = fake.Target("platforms", 95.0, "count", 2020, "stock_at_end", WAYS)
    return Definitions(fake.DEFINITIONS.indicators, {"platforms": target})


def test_the_chosen_way_stands_first_and_none_is_lost(definitions: Definitions) -> None:
    countings = counted_as(definitions, {"platforms": "new"}).targets["platforms"].countings
    assert list(countings.items()) == [("new", "new_platforms"), ("in_stock", "platforms")]
    assert list(definitions.targets["platforms"].countings) == ["in_stock", "new"]


@pytest.mark.parametrize(
    ("chosen", "allowed", "suggestion"),
    [
        ({"platforms": "neu"}, "in_stock, new", "new"),
        ({"platform": "new"}, "platforms", "platforms"),
    ],
)
def test_what_is_not_there_is_refused(
    definitions: Definitions, chosen: dict[str, str], allowed: str, suggestion: str
) -> None:
    with pytest.raises(InputError) as refused:
        counted_as(definitions, chosen)
    assert (refused.value.key, refused.value.allowed) == ("counting", allowed)
    assert refused.value.suggestion == suggestion


@pytest.mark.parametrize("text", ["platforms", "platforms=", "=new", "a=b,a=c"])
def test_a_text_that_names_no_way_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="names no way of counting one target"):
        check_countings(text)


def test_a_text_and_a_mapping_say_the_same() -> None:
    chosen = {"platforms": "new", "turnover": "signed"}
    assert check_countings("platforms=new, turnover=signed,") == check_countings(chosen) == chosen
    assert check_countings(None) == {}
