"""The pages made from the code are those that are committed."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.studies.upkeep.describe_model import PAGES

pytestmark = pytest.mark.house

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "model"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_is_current(name: str) -> None:
    committed = (FOLDER / name).read_text(encoding="utf-8")
    assert committed == PAGES[name](), "run `make pages`"
