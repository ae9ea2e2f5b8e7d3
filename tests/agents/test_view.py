from __future__ import annotations

import numpy as np
import pytest

from shaanxi_transfer.agents.broker import Broker
from shaanxi_transfer.agents.enterprise import COLUMNS, Enterprise
from shaanxi_transfer.agents.government import Government
from shaanxi_transfer.agents.military_unit import MilitaryUnit
from shaanxi_transfer.agents.research_institute import ResearchInstitute
from shaanxi_transfer.agents.university import University
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.scenarios import load


@pytest.fixture
def ecosystem() -> Ecosystem:
    made = Ecosystem(load("no_plan").set(end="2010-Q4"), seed=1, scale=0.02)
    made.step()
    return made


@pytest.mark.parametrize(
    "kind", [University, ResearchInstitute, MilitaryUnit, Enterprise, Broker, Government]
)
def test_every_row_is_an_agent_of_its_kind(ecosystem: Ecosystem, kind: type[Enterprise]) -> None:
    table = ecosystem.province.tables[kind.KIND.sector]
    agents = ecosystem.agents_by_type[kind]
    assert len(agents) == len(table) > 0
    assert {agent.unique_id for agent in agents} == {int(key) for key in table.rows["key"]}
    assert [agent.cash for agent in agents] == table.rows["cash"].tolist()


def test_agents_are_all_kinds_together(ecosystem: Ecosystem) -> None:
    kinds = ecosystem.agents_by_type
    assert len(ecosystem.agents) == sum(len(agents) for agents in kinds.values())
    assert len({agent.unique_id for agent in ecosystem.agents}) == len(ecosystem.agents)


def test_select_get_and_sort_of_mesa_work(ecosystem: Ecosystem) -> None:
    firms = ecosystem.agents_by_type[Enterprise]
    rows = ecosystem.province.enterprises.rows
    rich = firms.select(lambda firm: firm.cash > 1_000_000)
    assert 0 < len(rich) < len(firms)
    assert sorted(rich.get("cash")) == sorted(rows["cash"][rows["cash"] > 1_000_000].tolist())
    assert firms.agg("members", sum) == int(rows["members"].sum())
    ordered = firms.sort("revenue", ascending=False)
    assert ordered[0].revenue == rows["revenue"].max()
    assert set(firms.groupby("role").groups) == set(np.unique(rows["role"]).tolist())


def test_every_declared_column_is_an_attribute_with_its_unit(ecosystem: Ecosystem) -> None:
    firm = ecosystem.agents_by_type[Enterprise][0]
    for column in COLUMNS:
        value = getattr(firm, column.name)
        assert not isinstance(value, np.generic), "plain Python numbers for the reader"
        assert value == firm.row[column.name]
        if column.name != "key":
            assert column.unit in (getattr(Enterprise, column.name).__doc__ or "")
    assert isinstance(firm.cash, int)
    assert repr(firm) == f"<Enterprise {firm.key:016x}>"


def test_codes_read_as_words(ecosystem: Ecosystem) -> None:
    firms = ecosystem.agents_by_type[Enterprise]
    assert {firm.name_of("role") for firm in firms} == {"buyer", "seller", "both"}
    assert "xian" in {firm.name_of("city") for firm in firms}
    assert {firm.name_of("field") for firm in firms} <= set(ecosystem.names["field"])


def test_writing_writes_through(ecosystem: Ecosystem) -> None:
    firms = ecosystem.agents_by_type[Enterprise]
    firm = firms[3]
    firm.reputation = 2.5
    rows = ecosystem.province.enterprises.rows
    assert rows["reputation"][rows["key"] == np.uint64(firm.key)].tolist() == [2.5]
    firms.set("appetite", 7.0)
    assert (rows["appetite"] == 7.0).all()


def test_a_view_follows_its_row_through_sorting_births_and_deaths(ecosystem: Ecosystem) -> None:
    table = ecosystem.province.enterprises
    firms = list(ecosystem.agents_by_type[Enterprise])
    sizes = {firm.key: firm.ln_size for firm in firms}
    table.rows[:] = table.rows[::-1].copy()
    assert {firm.key: firm.ln_size for firm in firms} == sizes
    table.extend(1_000)["key"] = np.arange(1, 1_001)
    table.sort_by_key()
    assert {firm.key: firm.ln_size for firm in firms} == sizes
    gone = firms[5]
    table.keep(table.rows["key"] != np.uint64(gone.key))
    assert all(firm.ln_size == sizes[firm.key] for firm in firms if firm is not gone)
    with pytest.raises(LookupError, match=f"Enterprise {gone.key} has left the province"):
        _ = gone.cash
    with pytest.raises(LookupError):
        gone.cash = 5


def test_views_are_made_anew_after_a_step(ecosystem: Ecosystem) -> None:
    before = ecosystem.agents_by_type[Enterprise]
    assert ecosystem.agents_by_type[Enterprise] is before, "made once a step"
    for _ in range(3):
        ecosystem.step()
    after = ecosystem.agents_by_type[Enterprise]
    assert after is not before
    assert len(after) == len(ecosystem.province.enterprises)
    assert {agent.key for agent in after} == {int(key) for key in ecosystem.province.enterprises.rows["key"]}
