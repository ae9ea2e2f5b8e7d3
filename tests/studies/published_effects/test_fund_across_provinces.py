"""The fund across provinces, on records in which the effect was put in by hand, and in a small version."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.published_effects.design import Tables
from shaanxi_transfer.studies.published_effects.fund_across_provinces import FUND_ACROSS_PROVINCES
from shaanxi_transfer.studies.published_effects.registered import registered

FIGURES = ("fund_private_money", "fund_private_money_changes", "fund_less_developed")


def _worlds(
    seed: int, little: float, others: float, treated: int = 10, share: float = 0.1
) -> dict[str, Tables]:
    """Give 30 provinces, half of them with a small venture market; a public yuan moves so many private ones.

    A tenth of what sub-funds invest is public, four tenths are of private partners.
    """
    rng = np.random.default_rng(seed)
    lot = rng.permutation(30)[:treated]
    rows = []
    for province in range(30):
        is_little = province % 2 == 0
        market = (2.0 if is_little else 8.0) * 1e7 * rng.uniform(0.8, 1.2)
        other = market * np.linspace(1.0, 1.5, 32) * rng.normal(1.0, 0.02, 32)
        fund = np.where(np.arange(32) >= 12, rng.uniform(0.8, 1.2) * 2e7, 0.0) * (province in lot)
        lost = (4.0 - (little if is_little else others)) * 0.1 * fund
        for world, funded in (("enacted", True), ("without", False)):
            rows.append(
                pd.DataFrame(
                    {
                        "world": world,
                        "province": f"place {province}",
                        "year": 2010 + np.arange(32) // 4,
                        "quarter": 1 + np.arange(32) % 4,
                        "guidance_fund_aim": np.where(np.arange(32) >= 12, 1e9, 0.0)
                        * (funded and province in lot),
                        "guidance_fund_committed": 5e8 * (fund > 0) * funded,
                        "guidance_fund_government": share * 5e8 * (fund > 0) * funded,
                        "guidance_fund_private": 2e8 * (fund > 0) * funded,
                        "guidance_fund_invested": np.cumsum(fund) * funded,
                        "venture_invested": np.cumsum(other - lost * funded),
                    }
                )
            )
    table = pd.concat(rows, ignore_index=True)
    return {
        world: {"province": table[table["world"] == world].drop(columns="world")}
        for world in ("enacted", "without")
    }


def test_what_a_public_yuan_moves_is_found_where_it_was_put_in() -> None:
    found: dict[str, list[float]] = {name: [] for name in FIGURES}
    covered = dict.fromkeys(FIGURES, 0)
    for seed in range(12):
        measures = FUND_ACROSS_PROVINCES.measure(_worlds(seed, 1.5, 1.5), seed)
        for name in FIGURES:
            measured = measures[name]()
            assert measured.true == pytest.approx(0.0 if name == "fund_less_developed" else 1.5, abs=1e-9)
            found[name].append(measured.estimate.effect)
            covered[name] += measured.estimate.covers(measured.true)
    for name, true in zip(FIGURES, (1.5, 1.5, 0.0), strict=True):
        assert abs(np.mean(found[name]) - true) < 3.0 * np.std(found[name]) / math.sqrt(12) + 0.02
        assert covered[name] >= 9


def test_more_where_there_is_little_is_found_and_less_has_the_other_sign() -> None:
    more = FUND_ACROSS_PROVINCES.measure(_worlds(3, 3.0, -1.0), 3)["fund_less_developed"]()
    less = FUND_ACROSS_PROVINCES.measure(_worlds(3, -1.0, 3.0), 3)["fund_less_developed"]()
    assert more.true == pytest.approx(4.0)
    assert less.true == pytest.approx(-4.0)
    assert more.estimate.covers(4.0)
    assert less.estimate.covers(-4.0)
    assert less.estimate.effect < 0.0 < more.estimate.effect
    assert (more.estimate.treated, more.estimate.controls) == (10, 20)


def test_a_province_without_any_venture_money_before_is_left_out_of_changes_alone() -> None:
    worlds = _worlds(4, 1.0, 1.0)
    bare = {}
    for world, tables in worlds.items():
        rows = tables["province"].copy()
        rows.loc[rows["province"] == "place 0", "venture_invested"] = 0.0
        bare[world] = {"province": rows}
    measures = FUND_ACROSS_PROVINCES.measure(bare, 4)
    changes, difference = (measures[name]().estimate for name in FIGURES[1:])
    assert (changes.treated + changes.controls, changes.left_out) == (29, 1)
    assert (difference.treated + difference.controls, difference.left_out) == (29, 1)
    by_yuan = measures["fund_private_money"]().estimate
    assert by_yuan.treated + by_yuan.controls == 30


@pytest.mark.parametrize(
    ("treated", "share", "lines"),
    [
        (0, 0.1, ("'public' is the same for all", "nobody treated", "nobody treated")),
        (10, 0.0, ("'public' is the same for all", "no sub-fund invested", "no sub-fund invested")),
        (2, 0.1, ("2 treated of 30 clusters", None, None)),
    ],
)
def test_what_cannot_be_told_is_refused(treated: int, share: float, lines: tuple[str | None, ...]) -> None:
    measures = FUND_ACROSS_PROVINCES.measure(_worlds(2, 1.0, 1.0, treated, share), 2)
    for name, line in zip(FIGURES, lines, strict=True):
        if line is not None:
            with pytest.raises(InputError, match=line):
                measures[name]()


def test_money_is_counted_by_year_and_by_whose_it_is() -> None:
    """In 2014 sub-funds invest 40 and 60, of which 8 and 12 are public; other funds 5 in each quarter."""
    quarters = np.arange(32)
    invested = 40.0 * (quarters >= 16) + 60.0 * (quarters >= 18)

    def rows(name: str, fund: float) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "province": name,
                "year": 2010 + quarters // 4,
                "quarter": 1 + quarters % 4,
                "guidance_fund_aim": fund * (quarters >= 12),
                "guidance_fund_committed": 1000.0 * fund * (quarters >= 14),
                "guidance_fund_government": 200.0 * fund * (quarters >= 14),
                "guidance_fund_private": 300.0 * fund * (quarters >= 14),
                "guidance_fund_invested": invested * fund,
                "venture_invested": 5.0 * (quarters + 1) - 8.0 * fund * (quarters >= 20),
            }
        )

    names = [f"place {number}" for number in range(5)]
    enacted = pd.concat([rows(name, float(name == "place 0")) for name in names])
    without = pd.concat([rows(name, 0.0) for name in names])
    worlds = {"enacted": {"province": enacted}, "without": {"province": without}}
    measured = FUND_ACROSS_PROVINCES.measure(worlds, 1)
    with pytest.raises(InputError, match="all untreated units change alike"):
        measured["fund_private_money_changes"]()
    noisy = without.assign(venture_invested=without["venture_invested"] * np.repeat([1, 2, 3, 4, 5], 32))
    noisy["venture_invested"] += np.tile(quarters**2, 5) * np.repeat([0, 1, 2, 0, 1], 32)
    lost = enacted["venture_invested"] - without["venture_invested"]
    here = enacted.assign(venture_invested=noisy["venture_invested"] + lost)
    worlds = {"enacted": {"province": here}, "without": {"province": noisy}}
    # 0.3 of 100 for 20 public, less the 8 that other funds lost.
    assert FUND_ACROSS_PROVINCES.measure(worlds, 1)["fund_private_money_changes"]().true == pytest.approx(1.1)


@pytest.mark.slow
def test_a_small_version_gives_the_registered_figures() -> None:
    small = replace(
        FUND_ACROSS_PROVINCES,
        provinces=("gansu", "guizhou", "hainan", "ningxia", "qinghai"),
        treated=2,
        scale=0.02,
    )
    worlds = small.lived("shaanxi", 1)
    measures = small.measure(worlds, 1)
    assert set(measures) == set(FIGURES) <= set(registered())
    with pytest.raises(InputError, match="2 treated of 5 clusters"):
        measures["fund_private_money"]()
    measured = measures["fund_private_money_changes"]()
    assert (measured.estimate.treated, measured.estimate.controls) == (2, 3)
    assert measured.estimate.low < measured.estimate.effect < measured.estimate.high
    assert -20.0 < measured.true < 20.0
