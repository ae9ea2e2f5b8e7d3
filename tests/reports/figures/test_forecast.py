"""From a real experiment folder (made by a tiny stand-in for the model) to its figures and its table."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.forecast import make_forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.planning.door_to_model import Model
from shaanxi_transfer.reports.figures.countings import draw_countings
from shaanxi_transfer.reports.figures.forecast import (
    observed_values,
    overview_fans,
    save_figure,
    target_fans,
    write_figures,
)
from shaanxi_transfer.reports.tables.experiment_folder import Results, read_results
from shaanxi_transfer.reports.tables.target_table import rows_of
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language, say
from shaanxi_transfer.scenarios import load, load_pack

QUARTERS = tuple(Quarter(year, quarter) for year in range(2010, 2021) for quarter in (1, 2, 3, 4))
NAMES = (
    "contract_value_output", "contract_count_output", "incubation_platforms",
    "guidance_fund_committed", "guidance_fund_government",
)  # fmt: skip


def toy_run(scenario: Any, *, seed: int, scale: float = 0.1) -> SimpleNamespace:
    luck = np.random.default_rng(seed).normal(0, 0.1)
    since = np.arange(len(QUARTERS))
    value = 3e9 * np.exp(0.045 * since + luck)
    if scenario.name == "action_plan":
        value[since >= 33] *= 1.05
    fund = 1e8 * (since + 1.0) * (2 if scenario.name == "action_plan" else 1)
    columns = [value.round(), (value / 3e6).round(), 40.0 + 6 * since, fund, np.full(len(since), 5e8)]
    return SimpleNamespace(indicators=NAMES, quarters=QUARTERS, values=np.column_stack(columns))


def definition(kind: str, unit: str) -> SimpleNamespace:
    return SimpleNamespace(kind=kind, unit=unit, title_en=f"A {kind}", title_zh="指标")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("results") / "forecast 预测"
    worlds = {name: load(name) for name in ("action_plan", "no_plan")}
    model = Model(toy_run, toy_definitions(), lambda: None)
    make_forecast(worlds, model, ForecastOptions(runs=12, scale=0.1, seed=3, out=place, workers=0))
    return place


def toy_definitions() -> Definitions:
    def target(name: str, goal: float, unit: str, how: str, zh: str) -> SimpleNamespace:
        facts = {"indicator": name, "goal": goal, "unit": unit, "year": 2020, "how": how}
        return SimpleNamespace(**facts, countings={"counted": name}, title_en=name, title_zh=zh)

    indicators = {
        "contract_value_output": definition("flow", "yuan"),
        "contract_count_output": definition("flow", "contracts"),
        "incubation_platforms": definition("stock", "count"),
        "trained_people": definition("stock", "people"),
        "guidance_fund_committed": definition("stock", "yuan"),
        "guidance_fund_government": definition("stock", "yuan"),
    }
    targets = {
        "trained_people": target("trained_people", 1000, "people", "stock_at_end", "技术转移人才"),
        "incubation_platforms": target("incubation_platforms", 200, "count", "stock_at_end", "孵化平台"),
        "guidance_fund_committed": target("guidance_fund_committed", 1e10, "yuan", "stock_at_end", "基金"),
        "contract_value_output": target("contract_value_output", 1e11, "yuan", "flow_of_year", "成交额"),
    }
    return Definitions(indicators, targets)


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    return read_results(folder, toy_definitions())


def test_the_folder_tells_what_was_asked(results: Results) -> None:
    assert list(results.scenarios) == ["action_plan", "no_plan"]
    assert (results.runs, results.failed, results.scale, results.seed) == (12, 0, 0.1, 3)
    assert results.against == "no_plan"
    assert results.province == "shaanxi"
    assert results.plan_start == Quarter(2018, 2)
    assert all(title.strip() for language in LANGUAGES for title in results.titles(language).values())
    assert results.titles("zh") != results.titles("en")


def test_differences_are_paired_by_future(results: Results) -> None:
    values = results.indicators
    at: Any = values[(values.indicator == "contract_value_output") & (values.year == 2020)].set_index(
        "scenario"
    )
    # every future is 1.05 times itself: visible, although the two bands lie on one another
    assert at.loc["action_plan", "q05"] < at.loc["no_plan", "q95"]
    assert results.visible["action_plan", "contract_value_output"]
    assert not results.visible["action_plan", "incubation_platforms"]
    assert ("action_plan", "trained_people") not in results.visible


def test_figures_beside_a_target_keep_its_count_from_misleading(results: Results) -> None:
    assert results.beside["no_plan", "incubation_platforms"] == {"new": 72.0}  # 6 a quarter, 2018 to 2020
    assert results.beside["no_plan", "guidance_fund_committed"] == pytest.approx(
        {"total": 8.8, "social": 7.8}
    )
    assert results.beside["action_plan", "guidance_fund_committed"] == pytest.approx(
        {"total": 17.6, "social": 16.6}
    )
    remarks = {(row.target, row.scenario): row.remarks for row in rows_of(results, "en")}
    assert (
        "median 72 more than before the plan, closures deducted" in remarks["incubation_platforms", "no_plan"]
    )
    assert remarks["guidance_fund_committed", "no_plan"] == (
        "median total over government 8.80, social over government 7.80",
    )


def test_the_rows_say_what_the_folder_holds(results: Results) -> None:
    remarks = {(row.target, row.scenario): row.remarks for row in rows_of(results, "en")}
    assert remarks["trained_people", ""] == ("not modelled yet",)
    assert remarks["contract_value_output", "action_plan"] == ()
    assert remarks["incubation_platforms", "action_plan"][0] == "met before the plan"
    assert "no visible difference" in remarks["incubation_platforms", "action_plan"][1]


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.soak)])
def test_there_is_one_figure_for_each_modelled_target(
    results: Results, language: Language, tmp_path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = write_figures(results, tmp_path, language)
    files = list(tmp_path.iterdir())
    targets = {"contract_value_output", "incubation_platforms", "guidance_fund_committed"}
    stems = targets | {"overview", "countings", "differences", "targets"}
    assert {file.name for file in files} == {
        f"{s}_{language}.{form}" for s in stems for form in ("png", "svg")
    }
    assert all(file.stat().st_size > 5000 for file in files)
    assert (drawn.drawn, drawn.left) == (7, 0)
    # what is there from the same tables is left; what is missing or of other tables is drawn
    made = {file: file.stat().st_mtime_ns for file in files}
    (tmp_path / f"overview_{language}.png").unlink()
    other = tmp_path / f"incubation_platforms_{language}.svg"
    other.write_text("of other tables", encoding="utf-8")
    again = write_figures(results, tmp_path, language)
    assert (again.drawn, again.left) == (2, 5) and "of other tables" not in other.read_text("utf-8")
    kept = [file for file in files if file.stem.startswith(("contract", "guidance"))]
    assert len(kept) == 4 and all(file.stat().st_mtime_ns == made[file] for file in kept)


def test_the_fan_holds_the_published_years(results: Results) -> None:
    fan = target_fans(results, "en")["contract_value_output"]
    assert fan.observed[2017] == pytest.approx(92.1e9, rel=0.01)
    assert set(fan.observed) == {*range(2010, 2018)}
    assert max(fan.observed) == 2017
    assert (fan.goal, fan.goal_year, fan.kind) == (1e11, 2020, "flow")
    assert target_fans(results, "en")["incubation_platforms"].kind == "stock"


def test_the_overview_goes_on_where_the_observed_years_end(results: Results) -> None:
    fans = overview_fans(results, "zh")
    assert len(fans) == 2
    for fan in fans:
        assert len(fan.bands) == 1
        assert max(next(iter(fan.bands.values())).index) == 2020
        assert max(fan.observed) == 2017
        assert len(fan.observed) >= 7


def test_bounds_and_later_vintages_are_not_observations() -> None:
    pack = load_pack("shaanxi")
    rows = pack.observed
    bounds = rows[
        rows.note.astype(str).str.contains("lower bound") & (rows.indicator == "guidance_fund_committed")
    ]
    assert len(bounds) > 0
    assert set(observed_values(pack, "guidance_fund_committed")) == {2016}


def test_the_figure_of_chances_names_every_way_of_counting(results: Results) -> None:
    titles = results.titles("en")
    for scenario in titles:
        assert scenario in {row.scenario for row in rows_of(results, "en")}
    two = {"full_value": "contract_value_output", "technology_part": "contract_value_output_technology"}
    rows = [
        replace(
            row,
            counting=say(f"targets.counting_{way}", "en"),
            probability=chance,
            probability_low=0.0,
            probability_high=1.0,
        )
        for way, chance in zip(two, (0.9, 0.4), strict=True)
        for row in rows_of(results, "en")
        if row.target == "contract_value_output"
    ]
    (axes,) = draw_countings(rows, titles, "shaanxi", "en").axes
    shown = [label.get_text() for label in axes.get_yticklabels()]
    assert shown == ["full contract value", "technology part"]
    written = [text.get_text() for text in axes.texts]
    assert written.count("0.90") == written.count("0.40") == len(titles)
    assert sum("by 2020" in text for text in written) == 1


def test_the_same_figure_gives_the_same_bytes(results: Results, tmp_path: Path) -> None:
    from shaanxi_transfer.reports.figures.fans import draw_fan

    fan = target_fans(results, "zh")["contract_value_output"]
    for form in ("png", "svg"):
        first, second = (save_figure(draw_fan(fan, "zh"), tmp_path / f"{i}.{form}") for i in (1, 2))
        assert first.read_bytes() == second.read_bytes()


def test_a_folder_without_a_forecast_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"manifest\.json is missing; allowed"):
        read_results(tmp_path, toy_definitions())


def test_a_forecast_draws_itself_once_reports_are_loaded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shaanxi_transfer.reports.notebooks.forecast import Forecast, forecast_html

    monkeypatch.setattr(door_to_model, "definitions_in", lambda *experiment: toy_definitions())
    done = Forecast.read(folder)
    assert len([axes for axes in done.plot().axes if axes.get_visible()]) == 3
    one = done.plot("contract_value_output", "zh")
    assert len(one.axes) == 1
    # As a notebook asks: one without pyplot knows no other way to a picture.
    assert one._repr_png_().startswith(b"\x89PNG")
    with pytest.raises(InputError, match="did you mean contract_value_output"):
        done.plot("contract_value")
    assert forecast_html(folder, "zh").count("<tr>") == 8


@pytest.mark.parametrize(("language", "name"), [("zh", "甘肃"), ("en", "Gansu")])
def test_another_province_has_its_name_and_no_goal(tmp_path: Path, language: Language, name: str) -> None:
    worlds = {each: load(each).set(province="gansu") for each in ("action_plan", "no_plan")}
    model = Model(toy_run, toy_definitions(), lambda: None)
    make_forecast(worlds, model, ForecastOptions(runs=2, scale=0.1, seed=3, out=tmp_path / "out", workers=0))
    results = read_results(tmp_path / "out", toy_definitions())
    fans = target_fans(results, language)
    assert fans and all(fan.goal is None and fan.province == name for fan in fans.values())
    assert set(results.targets["province"]) == set(results.indicators["province"]) == {"gansu"}
