from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import (
    TASKS,
    Lever,
    Scenario,
    lever_catalogue,
    list_overlays,
    list_scenarios,
    load,
    scenario_json_schema,
    shared_parameters,
    write_json_schema,
)


def saved_and_loaded(scenario: Scenario, folder: Path, suffix: str) -> Scenario:
    return load(scenario.save(folder / f"saved{suffix}"))


@pytest.mark.parametrize("suffix", [".yaml", ".xlsx"])
@pytest.mark.parametrize("name", [*list_scenarios(), *list_overlays(), "action_plan+stationary+half_budget"])
def test_named_scenarios_come_back_equal(name: str, suffix: str, tmp_path: Path) -> None:
    scenario = load(name)
    copy = saved_and_loaded(scenario, tmp_path, suffix)
    assert copy == scenario and copy.hash == scenario.hash and copy.name == scenario.name


def test_saved_file_is_commented_and_stands_alone(tmp_path: Path) -> None:
    parameter = next(iter(shared_parameters()))
    scenario = load("action_plan").set(
        fund_size=5e9,
        voucher_budget={"2019-Q1": 2e7},
        note="含中文: 和 # 号, 'quotes'\nand a second line",
        **{parameter: shared_parameters()[parameter].value},
    )
    text = scenario.save(tmp_path / "saved.yaml").read_text(encoding="utf-8")
    assert "\nbase:" not in text and scenario.hash[:12] in text
    assert lever_catalogue()["fund_size"].title_en in text
    assert load(tmp_path / "saved.yaml") == scenario


def values(lever: Lever) -> st.SearchStrategy[float]:
    between = st.floats(lever.high / 2, lever.high)
    whole = lever.unit.startswith(("count", "people", "contracts"))
    return between.map(round).map(float) if whole else between


def choices() -> st.SearchStrategy[dict[str, object]]:
    one = [
        st.tuples(
            st.just(lever.id),
            st.one_of(
                st.sampled_from(["plan", "no_plan"]),
                values(lever),
                st.dictionaries(
                    st.sampled_from(["2018-Q2", "2018-Q4", "2019-Q3", "2020-Q4"]),
                    values(lever),
                    min_size=1,
                ),
            ),
        )
        for lever in lever_catalogue().values()
        if lever.unit != "switch"
    ]
    selectors = st.tuples(st.sampled_from([*TASKS, "all"]), st.sampled_from(["plan", "no_plan"]))
    return st.lists(st.one_of(*one, selectors), max_size=6).map(dict)


@settings(max_examples=settings().max_examples // 3, deadline=None)
@given(
    changes=choices(),
    end=st.integers(2019, 2030),
    steps=st.sampled_from([4, 12]),
    delay=st.dictionaries(st.sampled_from(["all", "money", "task_22", "fund_size"]), st.integers(0, 40)),
    scaled=st.dictionaries(st.sampled_from(["all", "money", "task_22", "fund_size"]), st.floats(0, 1)),
)
def test_any_valid_scenario_comes_back_equal(
    changes: dict[str, object],
    end: int,
    steps: int,
    delay: dict[str, int],
    scaled: dict[str, float],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    latest = {date for value in changes.values() if isinstance(value, dict) for date in value}
    end = max(end, 2020) if latest else end
    try:
        scenario = load("action_plan").set(end=f"{end}-Q4", steps_per_year=steps, **changes)
        scenario = scenario.set(delay_quarters=delay, scaled=scaled)
    except InputError as refused:
        assume("is above voucher_budget" not in str(refused))  # levers that contradict each other
        raise
    folder = tmp_path_factory.mktemp("saved")
    for suffix in (".yaml", ".xlsx"):
        copy = saved_and_loaded(scenario, folder, suffix)
        assert copy == scenario and copy.hash == scenario.hash
    upto = 33 * steps // 4
    for name, path in load("no_plan").set(end=f"{end}-Q4", steps_per_year=steps).lever_paths().items():
        assert scenario.lever_paths()[name][:upto].tobytes() == path[:upto].tobytes()


def test_unwritable_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        load("no_plan").save(tmp_path / "absent" / "saved.yaml")


def test_json_schema_names_levers_and_refuses_others(tmp_path: Path) -> None:
    schema = scenario_json_schema()
    assert set(schema["properties"]) == set(Scenario.model_fields)
    assert schema["additionalProperties"] is False
    names = schema["properties"]["levers"]["properties"]
    assert set(names) == {"all", *TASKS, *lever_catalogue()}
    assert schema["properties"]["levers"]["additionalProperties"] is False
    assert json.loads(write_json_schema(tmp_path / "schema.json").read_text(encoding="utf-8")) == schema
