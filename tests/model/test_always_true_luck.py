"""Common luck: what one world has more must not renumber the rest."""

from __future__ import annotations

import numpy as np
import pytest

from shaanxi_transfer.agents.enterprise import BOTH
from shaanxi_transfer.engine import luck
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.quarter import firms
from shaanxi_transfer.scenarios import load


def test_the_two_worlds_have_the_same_firms() -> None:
    people = []
    for name in ("no_plan", "action_plan"):
        ecosystem = Ecosystem(load(name), seed=3, scale=0.1)
        with np.errstate(over="ignore"):
            while ecosystem.running:
                ecosystem.step()
        rows = ecosystem.province.enterprises.rows
        people.append(
            {(int(f["key"]), int(f["field"]), float(f["ln_size"])): int(f["members"]) for f in rows}
        )
    one, two = people
    assert min(len(group) for group in people) > 1_000
    # By firms, not by rows: those that come out of research are a row each, others share one.
    shared = sum(min(one[firm], two[firm]) for firm in one.keys() & two.keys())
    assert shared > 0.95 * max(sum(group.values()) for group in people)
    assert len(one.keys() - two.keys()) < 0.03 * len(one), "what the plan adds takes nobody's place"


def after_four_quarters() -> Ecosystem:
    ecosystem = Ecosystem(load("no_plan"), seed=12, scale=0.1)
    with np.errstate(over="ignore"):
        for _ in range(4):
            ecosystem.step()
    return ecosystem


def one_firm_more(ecosystem: Ecosystem) -> int:
    """Let a firm in that is like another but for its key, without money; gives the key."""
    table = ecosystem.province.enterprises
    model = int(np.flatnonzero((table.rows["role"] == BOTH) & (table.rows["members"] > 1))[0])
    newcomer = table.rows[model].copy()
    table.extend(1)
    table.rows[-1] = newcomer
    key = luck.key_of("a newcomer of the tests")
    table.rows[-1].key = key
    for column in ("cash", "debt", "equity", "partner"):
        table.rows[-1][column] = 0
    firms.tidy(ecosystem.province)
    return key


Contracts = dict[int, tuple[int, tuple[object, ...]]]


@pytest.fixture(scope="module")
def contracts() -> list[list[Contracts]]:
    """Value and traits by key of the contracts of the two quarters after, without and with one firm more."""
    told = []
    traits = ("seller_city", "buyer_city", "field", "type", "state", "registered")
    for more in (False, True):
        ecosystem = after_four_quarters()
        if more:
            one_firm_more(ecosystem)
        quarters = []
        with np.errstate(over="ignore"):
            for _ in range(2):
                ecosystem.step()
                rows = ecosystem.province.contracts.rows
                quarters.append(
                    {
                        int(row["key"]): (int(row["value"]), tuple(row[t].item() for t in traits))
                        for row in rows
                    }
                )
        told.append(quarters)
    return told


@pytest.mark.parametrize("quarter", [0, 1])
def test_one_firm_more_leaves_nearly_every_contract_as_it_was(
    contracts: list[list[Contracts]], quarter: int
) -> None:
    without, with_newcomer = contracts[0][quarter], contracts[1][quarter]
    assert min(len(without), len(with_newcomer)) > 1_000
    assert without != with_newcomer
    shared = without.keys() & with_newcomer.keys()
    # Amounts may shift a little: the newcomer shares in demand that is given.
    alike = [
        key
        for key in shared
        if without[key][1] == with_newcomer[key][1]
        and abs(without[key][0] - with_newcomer[key][0]) <= 0.01 * without[key][0]
    ]
    assert len(alike) > 0.99 * max(len(without), len(with_newcomer))


def test_one_firm_more_leaves_the_other_firms_as_they_were() -> None:
    two = [after_four_quarters(), after_four_quarters()]
    key = one_firm_more(two[1])
    seen = []
    for ecosystem in two:
        with np.errstate(over="ignore"):
            for _ in range(8):
                ecosystem.step()
        rows = ecosystem.province.enterprises.rows
        names = ("key", "members", "city", "field", "role", "born", "ln_size", "certified")
        seen.append({tuple(row[name].item() for name in names) for row in rows if int(row["key"]) != key})
    assert len(seen[0] & seen[1]) > 0.98 * len(seen[0])
