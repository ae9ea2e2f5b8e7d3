"""The designs on universities and banks, on tables in which the effect was put in by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.order_checks import checked_orders
from shaanxi_transfer.model.orders import Keys, Lot, in_lot
from shaanxi_transfer.studies.published_effects.bank_loans import BANK_LOANS
from shaanxi_transfer.studies.published_effects.design import Design
from shaanxi_transfer.studies.published_effects.income_share import INCOME_SHARE
from shaanxi_transfer.studies.published_effects.ownership_pilots import OWNERSHIP_PILOTS
from shaanxi_transfer.studies.published_effects.transfer_offices import TRANSFER_OFFICES


def _owners(seed: int, effect: float) -> dict[str, pd.DataFrame]:
    """Give 60 universities and 40 institutes; what the first disclose changes by ``effect`` in 2013."""
    rng = np.random.default_rng(seed)
    keys = np.arange(1, 101).astype(np.uint64)
    kinds = np.where(keys <= 60, "university", "research_institute")
    level = rng.gamma(2.0, 2.0, len(keys))
    rows = []
    for year in range(2010, 2018):
        for quarter in range(1, 5):
            moved = np.where((kinds == "university") & (year >= 2013), math.exp(effect), 1.0)
            rows.append(
                pd.DataFrame(
                    {
                        "year": year,
                        "quarter": quarter,
                        "key": keys,
                        "kind": kinds,
                        "rd": 1000 - keys.astype(np.int64),
                        "results_disclosed": rng.poisson(level * moved),
                        "spin_offs": rng.poisson(0.05 * level * moved),
                    }
                )
            )
    return {"owner": pd.concat(rows, ignore_index=True)}


def test_a_cut_of_the_share_is_found_as_it_is_and_a_rise_that_does_nothing_is_not() -> None:
    cut, rise, covered = [], [], 0
    for seed in range(12):
        nothing = _owners(seed, 0.0)
        worlds: Mapping[str, Mapping[str, pd.DataFrame]] = {
            "cut": _owners(seed, -0.7),
            "whole": nothing,
            "royalty": nothing,
            "equity": nothing,
            "low": nothing,
        }
        found = INCOME_SHARE.measure(worlds, seed)
        measured = found["share_cut_disclosures"]()
        cut.append(measured.estimate.effect)
        royalty = found["share_rise_royalty"]().estimate
        rise.append(royalty.effect)
        # An owner who never discloses anything says nothing of a change.
        assert measured.estimate.treated == 60 and 38 <= measured.estimate.controls <= 40
        assert royalty.treated == 35 and 23 <= royalty.controls <= 25
        covered += measured.estimate.covers(-0.7)
        assert measured.true == pytest.approx(-0.7, abs=0.1)
        assert found["share_rise_royalty"]().true == 0.0
    assert np.mean(cut) == pytest.approx(-0.7, abs=0.05)
    assert np.mean(rise) == pytest.approx(0.0, abs=0.05)
    assert covered >= 10


def test_the_year_of_the_change_is_left_out() -> None:
    owners = _owners(1, 0.0)
    changed = owners["owner"].copy()
    changed.loc[changed["year"] == 2013, "results_disclosed"] *= 50
    worlds = dict.fromkeys(("cut", "whole", "royalty", "equity", "low"), owners)
    same = INCOME_SHARE.measure(worlds, 1)["share_cut_disclosures"]()
    other = INCOME_SHARE.measure(worlds | {"cut": {"owner": changed}}, 1)["share_cut_disclosures"]()
    assert other == same


def test_a_rise_is_what_the_leading_universities_do_after_it() -> None:
    low = _owners(3, 0.0)["owner"]
    half = low.copy()
    gained = (half["key"] <= 35) & (half["year"] >= 2014)
    half.loc[gained, "results_disclosed"] *= 2
    worlds = {"royalty": {"owner": half}, "low": {"owner": low}}
    measured = INCOME_SHARE.measure(worlds, 3)["share_rise_royalty"]()
    assert measured.true == pytest.approx(math.log(2.0))
    assert measured.estimate.covers(math.log(2.0)) and not measured.estimate.covers(0.0)


def test_pilots_are_those_of_the_lot_and_their_sales_licences_and_firms_count_together() -> None:
    """Pilots license half as many results as they sell, from 2012 on."""
    there = _owners(3, 0.0)["owner"].assign(results_sold=0, results_licensed=0)
    there["results_sold"] = there["results_disclosed"]
    keys = np.arange(1, 61).astype(np.uint64)
    treated = keys[in_lot(keys, Lot(0.5), 1)]
    here = there.copy()
    piloted = np.isin(here["key"], treated) & (here["year"] >= 2012)
    here.loc[piloted, "results_licensed"] = np.round(0.5 * here.loc[piloted, "results_sold"]).astype(int)
    found = OWNERSHIP_PILOTS.measure({"pilots": {"owner": here}, "without": {"owner": there}}, 1)
    measured = found["rights_licensing"]()
    assert measured.true == pytest.approx(math.log(1.5), abs=0.08)
    assert measured.estimate.effect == pytest.approx(measured.true, abs=0.1)
    assert (measured.estimate.treated, measured.estimate.controls) == (len(treated), 60 - len(treated))
    assert found["rights_disclosures"]().true == 0.0


def test_universities_with_posts_are_those_of_the_lot_and_institutes_are_left_out() -> None:
    there = _owners(5, 0.0)["owner"].assign(results_licensed=0)
    there["results_sold"] = there["results_disclosed"]
    keys = np.arange(1, 61).astype(np.uint64)
    treated = keys[in_lot(keys, Lot(0.5), 9)]
    here = there.copy()
    gain = np.isin(here["key"], treated) & (here["year"] >= 2014)
    here.loc[gain, "results_licensed"] = np.round(0.2 * here.loc[gain, "results_sold"]).astype(int)
    measured = TRANSFER_OFFICES.measure({"posts": {"owner": here}, "without": {"owner": there}}, 9)[
        "office_licences"
    ]()
    assert (measured.estimate.treated, measured.estimate.controls) == (len(treated), 60 - len(treated))
    assert measured.true == pytest.approx(math.log(1.2), abs=0.05)
    assert measured.estimate.covers(measured.true)


def _banks(seed: int, added: float, programme: bool) -> dict[str, pd.DataFrame]:
    """Give 24 banks, of which one more joins each quarter from 2011 on; a yuan guaranteed adds ``added``."""
    rng = np.random.default_rng(seed)
    keys = np.arange(1, 25).astype(np.uint64)
    rows = []
    for quarter in range(32):
        under = np.where(programme & (keys <= quarter - 3), rng.uniform(1e6, 9e6, len(keys)), 0.0)
        rows.append(
            pd.DataFrame(
                {
                    "year": 2010 + quarter // 4,
                    "quarter": 1 + quarter % 4,
                    "key": keys,
                    "member": keys <= quarter - 3,
                    "lent_programme": under,
                    "lent_ordinary": 2e7 * (1 + keys / 24)
                    + rng.normal(0, 1e6, len(keys))
                    - (1 - 0.5 * added) * under,
                }
            )
        )
    return {"bank": pd.concat(rows, ignore_index=True)}


def test_what_a_guaranteed_yuan_adds_is_found_where_who_joins_says_nothing_of_demand() -> None:
    found = [
        BANK_LOANS.measure({"with": _banks(seed, 0.65, True), "without": _banks(seed, 0.65, False)}, seed)[
            "guarantee_additional"
        ]()
        for seed in range(10)
    ]
    assert np.mean([each.estimate.effect for each in found]) == pytest.approx(0.65, abs=0.03)
    assert np.mean([each.true for each in found]) == pytest.approx(0.65, abs=0.15)


# ---- orders ----------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("design", [INCOME_SHARE, OWNERSHIP_PILOTS, TRANSFER_OFFICES, BANK_LOANS])
def test_what_a_design_orders_can_be_enacted_in_its_worlds(design: Design) -> None:
    worlds, orders = design.worlds("shaanxi"), design.orders("shaanxi", 7)
    assert next(iter(worlds)) in orders and set(orders) < set(worlds)
    for world, ordered in orders.items():
        checked_orders(ordered, Ecosystem(worlds[world], 7, scale=1.0).province)


def test_the_higher_share_goes_to_the_universities_with_most_research() -> None:
    (royalty,) = INCOME_SHARE.orders("shaanxi", 7)["royalty"]
    assert isinstance(royalty.units, Keys) and len(royalty.units.keys) == 35
    rows = (
        Ecosystem(INCOME_SHARE.worlds("shaanxi")["royalty"], 7, scale=0.05)
        .province.producers["university"]
        .rows
    )
    leading = np.isin(rows["key"], np.array(royalty.units.keys, dtype=np.uint64))
    assert leading.sum() == 35 and rows["rd_share"][leading].min() > rows["rd_share"][~leading].max()


def test_half_of_the_banks_win_each_year_and_no_two_futures_alike() -> None:
    def winners(seed: int) -> list[set[int]]:
        units = [order.units for order in BANK_LOANS.orders("shaanxi", seed)["with"]]
        return [set(each.keys) for each in units if isinstance(each, Keys)]

    banks = len(Ecosystem(BANK_LOANS.worlds("shaanxi")["with"], 7, scale=0.01).province.banks)
    assert [len(won) for won in winners(7)] == [banks // 2] * 7
    assert winners(7) == winners(7) != winners(8)
    assert len({frozenset(won) for won in winners(7)}) > 4
