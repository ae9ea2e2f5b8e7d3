"""The designs on a history in which what loans, stakes and incubators do was put in by hand."""

from __future__ import annotations

import importlib
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.studies.published_effects.guarantees import (
    first_applications,
    loans_under_the_programme,
)
from shaanxi_transfer.studies.published_effects.incubators import survival_of_tenants
from shaanxi_transfer.studies.published_effects.stakes import growth_after_stakes

SEEDS = range(8)


@pytest.fixture(scope="module")
def made() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parent))
        return importlib.import_module("made_firms")


def test_private_stakes_are_found_to_make_firms_grow_and_public_ones_are_not(made: Any) -> None:
    private, public = [], []
    for seed in SEEDS:
        found = growth_after_stakes({"firm": made.made_firms(seed, stake=0.4)})
        private.append(found["stake_private"]().estimate)
        public.append(found["stake_public"]().estimate)
    assert np.mean([each.effect for each in private]) == pytest.approx(0.4, abs=0.02)
    assert np.mean([each.effect for each in public]) == pytest.approx(0.0, abs=0.02)
    assert all(each.covers(0.0) for each in public[:2])
    assert not any(each.covers(0.0) for each in private)


def test_borrowers_are_found_to_grow_by_what_a_loan_gives(made: Any) -> None:
    calls = pd.DataFrame({"programme": [], "won": [], "year": [], "quarter": [], "applicant": []})
    effects = [
        loans_under_the_programme({"firm": made.made_firms(seed, loan=0.2), "call": calls})[
            "guarantee_sales_france"
        ]()
        for seed in SEEDS
    ]
    assert np.mean([each.estimate.effect for each in effects]) == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize("faster", [1.0, 2.0])
def test_tenants_are_found_to_close_as_they_do(made: Any, faster: float) -> None:
    found = [
        survival_of_tenants({"firm": made.made_firms(seed, faster=faster)})["incubator_survival"]()
        for seed in SEEDS
    ]
    mean = np.mean([each.estimate.effect for each in found])
    assert mean == pytest.approx(math.log(faster), abs=0.12)
    assert sum(each.estimate.covers(math.log(faster)) for each in found) >= len(SEEDS) - 2


def test_who_borrowed_is_followed_from_the_first_application(made: Any) -> None:
    """Two applicants of one quarter, one of them refused; the other's loan is lost two years later."""
    firms = made.made_firms(1, number=3)
    keys = firms["key"].unique()
    firms.loc[:, "loan_programme"] = 0
    at = (firms["year"] == 2012) & (firms["quarter"] == 2)
    firms.loc[at & (firms["key"] == keys[0]), "loan_programme"] = 5_000_000
    later = (firms["year"] == 2014) & (firms["quarter"] == 1) & (firms["key"] == keys[0])
    firms.loc[later, "defaulted"] = 1
    calls = pd.DataFrame(
        {
            "year": [2012, 2012, 2013],
            "quarter": [2, 2, 1],
            "programme": "loan_compensation",
            "applicant": [keys[0], keys[1], keys[1]],
            "score": [0.7, 0.4, 0.9],
            "threshold": [0.5, 0.5, 0.5],
            "won": [True, False, True],
        }
    )
    table = first_applications(firms, calls)
    assert table["above"].tolist() == pytest.approx([0.2, -0.1])
    assert table["lent"].tolist() == [5_000_000.0, 0.0]
    assert table["defaulted"].tolist() == [1.0, 0.0]
