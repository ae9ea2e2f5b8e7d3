"""Tables made by hand, of the form which an experiment folder holds, and a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.reports.figures.fans import Fan, bands_of

YEARS = range(2010, 2021)
QUANTILES = {"q05": 0.7, "q10": 0.78, "q25": 0.9, "q50": 1.0, "q75": 1.1, "q90": 1.25, "q95": 1.35}


def quantiles(scenario: str, indicator: str, unit: str, medians: dict[int, float]) -> pd.DataFrame:
    rows = [
        {"scenario": scenario, "indicator": indicator, "unit": unit, "year": year}
        | {
            name: value * (1 + (factor - 1) * (0.3 + 0.07 * (year - 2010)))
            for name, factor in QUANTILES.items()
        }
        | {"mean": value, "runs": 100}
        for year, value in medians.items()
    ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Chromium without a window, for tests in a browser."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def indicators() -> pd.DataFrame:
    value = {year: 10e9 * 1.27 ** (year - 2010) for year in YEARS}
    value_plan = {year: v * (1.06 if year > 2018 else 1.0) for year, v in value.items()}
    count = {year: 9500 * 1.17 ** (year - 2010) for year in YEARS}
    platforms = {year: 150.0 + 18 * (year - 2010) + (200 if year > 2012 else 0) for year in YEARS}
    parts = []
    for scenario, path in (("action_plan", value_plan), ("no_plan", value)):
        parts.append(quantiles(scenario, "contract_value_output", "yuan", path))
        parts.append(
            quantiles(scenario, "contract_value_inflow", "yuan", {y: v / 2 for y, v in path.items()})
        )
        parts.append(quantiles(scenario, "contract_count_output", "contracts", count))
        parts.append(quantiles(scenario, "contract_count_inflow", "contracts", count))
        parts.append(quantiles(scenario, "incubation_platforms", "count", platforms))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture
def targets() -> pd.DataFrame:
    columns = ["scenario", "target", "unit", "goal", "probability", "q05", "q50", "q95", "first_year_median"]
    rows: list[list[Any]] = [
        ["action_plan", "contract_value_output", "yuan", 1e11, 0.55, 7.1e10, 1.02e11, 1.39e11, 2020],
        ["no_plan", "contract_value_output", "yuan", 1e11, 0.4, 7.0e10, 9.6e10, 1.31e11, np.nan],
        ["action_plan", "incubation_platforms", "count", 200.0, 1.0, 400, 530, 600, 2013],
        ["no_plan", "incubation_platforms", "count", 200.0, 1.0, 400, 530, 600, 2013],
    ]
    return pd.DataFrame(rows, columns=columns).assign(
        counting="counted", probability_low=0.31, probability_high=0.5
    )


@pytest.fixture
def definitions() -> dict[str, Any]:
    def target(name: str, goal: float, unit: str, how: str, en: str, zh: str) -> SimpleNamespace:
        facts = {"indicator": name, "goal": goal, "unit": unit, "year": 2020, "how": how}
        return SimpleNamespace(**facts, countings={"counted": name}, title_en=en, title_zh=zh)

    return {
        "demonstration_institutions": target(
            "demonstration_institutions",
            100,
            "count",
            "stock_at_end",
            "Demonstration institutions",
            "技术转移示范机构",
        ),
        "incubation_platforms": target(
            "incubation_platforms", 200, "count", "stock_at_end", "Incubation platforms", "创新创业孵化平台"
        ),
        "contract_value_output": target(
            "contract_value_output",
            1e11,
            "yuan",
            "flow_of_year",
            "Technology-contract turnover",
            "技术合同成交额",
        ),
    }


@pytest.fixture
def scenario_titles() -> dict[str, dict[str, str]]:
    return {
        "en": {"action_plan": "Action plan", "no_plan": "No plan"},
        "zh": {"action_plan": "行动计划", "no_plan": "无计划"},
    }


OBSERVED = {2010: 10.2e9, 2012: 33.5e9, 2013: 53.3e9, 2014: 64e9, 2015: 72.2e9, 2016: 80.3e9, 2017: 92.1e9}


@pytest.fixture
def turnover(indicators: pd.DataFrame, scenario_titles: dict[str, dict[str, str]]) -> dict[str, Fan]:
    title = {"en": "Technology-contract turnover", "zh": "技术合同成交额"}
    return {
        language: Fan(
            title[language],
            "yuan",
            bands_of(indicators, "contract_value_output", scenario_titles[language]),
            OBSERVED,
            1e11,
            2020,
            Quarter(2018, 2),
        )
        for language in ("en", "zh")
    }
