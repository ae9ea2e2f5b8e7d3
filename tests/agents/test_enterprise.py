from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaanxi_transfer.agents import closing, enterprise
from shaanxi_transfer.agents.enterprise import BUYER, SELLER
from shaanxi_transfer.engine import luck
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.start import new_province, settle
from shaanxi_transfer.scenarios import load

KEY = np.uint64(luck.key_of("a firm of the tests"))


def settled(seed: int = 1, scale: float = 1.0, **changes: Any) -> Province:
    return new_province(load("no_plan").set(draw_parameters=False, **changes), seed=seed, scale=scale)


@pytest.fixture(scope="module")
def province() -> Province:
    return settled()


def test_sizes_are_those_of_the_distribution_at_every_scale() -> None:
    for scale in (0.01, 0.1, 1.0):
        province = Province(load("no_plan").set(draw_parameters=False), seed=1, scale=scale)
        settle(province)  # without the years before the start, in which a result may become a firm
        firms, sd = province.enterprises.rows, province.values["firm_size_ln_sd"]
        mean = np.average(firms["ln_size"], weights=firms["members"])
        spread = np.sqrt(np.average((firms["ln_size"] - mean) ** 2, weights=firms["members"]))
        assert mean == pytest.approx(-0.5 * sd * sd, abs=0.03)
        assert spread == pytest.approx(sd, rel=0.03)
        total = round(province.firms_at(2010.0))
        assert int(firms["members"].sum()) == total
        large = firms[firms["large"]]
        assert (large["members"] == 1).all()
        assert len(large) == round(total * province.values["large_firm_share"])
        assert large["ln_size"].min() > firms["ln_size"][~firms["large"]].max()


def test_large_firms_are_the_same_at_every_scale() -> None:
    def large(scale: float) -> set[tuple[Any, ...]]:
        firms = settled(scale=scale).enterprises.rows
        return {
            (int(f["key"]), int(f["city"]), int(f["field"]), float(f["ln_size"]))
            for f in firms[firms["large"]]
        }

    assert large(0.05) == large(1.0)


def test_money_and_weights_follow_size(province: Province) -> None:
    firms = province.enterprises.rows
    assert not firms["appetite"][firms["role"] == SELLER].any()
    assert not firms["attraction"][firms["role"] == BUYER].any()
    assert firms["attraction"][firms["role"] != BUYER].all()
    mean = firms["revenue"].sum() / firms["members"].sum()
    assert mean == pytest.approx(province.values["firm_mean_revenue"] * province.now.output_index, rel=0.05)
    order = np.argsort(firms["ln_size"] + firms["growth"])
    assert (np.diff((firms["revenue"] / firms["members"])[order]) >= -1).all()


def test_drift_keeps_the_distribution_of_sizes() -> None:
    province = settled()
    firms = province.enterprises.rows
    before = firms["ln_size"].copy()
    for step in range(0, 40, 4):
        now = province.at(step)
        enterprise.drift_in_size(firms, province.parameters, now, province.seed)
    after = firms["ln_size"]
    assert after.mean() == pytest.approx(before.mean(), abs=4 * before.std() / np.sqrt(len(firms)))
    assert after.std() == pytest.approx(before.std(), rel=0.03)
    kept = province.values["size_persistence"] ** 10
    assert np.corrcoef(before, after)[0, 1] == pytest.approx(kept, abs=0.04)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    ("age", "stated"),
    [
        (0.0, "year_1"), (0.99, "year_1"), (1.0, "year_2"), (1.99, "year_2"), (2.0, "year_3"),
        (3.0, "later"), (6.99, "later"), (7.0, "old"), (60.0, "old"),
    ],
)  # fmt: skip
def test_exit_hazards_are_those_of_the_age_classes(
    province: Province, age: float, stated: str, large: bool
) -> None:
    hazard = closing.exit_hazard(age, large, province.parameters)
    factor = province.values["exit_size_factor_large"] if large else 1.0
    assert hazard == province.values[f"exit_hazard_{stated}"] * factor


@given(members=st.integers(1, 100), data=st.data(), step=st.integers(0, 500))
def test_who_leaves_takes_marks_along_but_no_more_than_there_are(
    members: int, data: st.DataObject, step: int
) -> None:
    holders = data.draw(st.integers(0, members))
    exits = data.draw(st.integers(0, members))
    gone = closing.leavers(holders, members, exits, np.uint64(1), KEY, step, 1)
    assert 0 <= gone <= min(holders, exits)
    assert holders - gone <= members - exits, "more marks than members would remain"


def test_marks_leave_in_proportion() -> None:
    gone = [closing.leavers(30, 100, 10, np.uint64(1), KEY, step, 1) for step in range(4_000)]
    assert np.mean(gone) == pytest.approx(3.0, abs=4 * np.std(gone) / np.sqrt(len(gone)))


def test_one_firm_a_row_and_many_close_down_alike() -> None:
    shares = []
    for scale in (0.02, 1.0):
        province = settled(scale=scale)
        firms, books = province.enterprises.rows, province.books
        total = int(firms["members"].sum())
        books.open()
        at_risk, of_age = np.zeros((2, len(closing.AGE_CLASSES)), dtype=np.int64)
        closed = sum(
            closing.close_down(
                firms,
                province.parameters,
                province.at(step),
                province.seed,
                books.purse,
                books.flows,
                at_risk,
                of_age,
            )
            for step in range(4)
        )
        assert of_age.sum() == closed and at_risk.sum() > 3 * total
        assert at_risk.argmax() == len(closing.AGE_CLASSES) - 1, "most firms are older than seven years"
        books.close()
        assert total - int(firms["members"].sum()) == closed
        assert not firms["cash"][firms["members"] == 0].any(), "who has closed has paid out all it had"
        shares.append(closed / total)
    error = np.sqrt(shares[1] / 13_000)
    assert shares[0] == pytest.approx(shares[1], abs=4 * error * np.sqrt(2))


def test_certificates_are_held_by_those_who_do_research(province: Province) -> None:
    firms = province.enterprises.rows
    for step in range(8):
        enterprise.certify(firms, province.parameters, province.at(step), province.seed)
    assert not firms["certified"][~firms["research_user"]].any()
    assert (firms["certified"] <= firms["members"]).all() and (firms["certified"] >= 0).all()
    assert firms["certified"].sum() > 0


def test_registration_habits_only_spread() -> None:
    province = settled(scale=0.1)
    firms = province.enterprises.rows
    for step in range(12):
        before = firms["registered"].copy()
        enterprise.adopt_registration(firms, province.parameters, province.at(step), province.seed)
        assert (firms["registered"] >= before).all()
    assert (firms["registered"] <= firms["members"]).all()
    assert not firms["registered"][firms["role"] == BUYER].any()
