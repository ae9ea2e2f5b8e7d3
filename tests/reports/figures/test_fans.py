from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.reports.figures.fans import Fan, bands_of, draw_fan, draw_overview
from shaanxi_transfer.reports.figures.theme import Origin, sign
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language, say

Look = Callable[[str, Language, Callable[[], Figure]], Figure]


def texts_of(figure: object) -> set[str]:
    from matplotlib.text import Text

    return {text.get_text() for text in figure.findobj(Text) if text.get_visible()}  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fan_chart_has_every_glyph_and_every_part(
    turnover: dict[str, Fan], language: Language, tmp_path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a missing glyph is a warning
        figure = draw_fan(turnover[language], language)
        figure.savefig(tmp_path / "figure.png")
        figure.savefig(tmp_path / "figure.svg")
    texts = texts_of(figure)
    unit = {"zh": "，亿元", "en": ", billion yuan"}[language]
    assert turnover[language].title + unit in texts
    assert {"zh": "方案开始：2018年第2季度", "en": "plan starts 2018 Q2"}[language] in texts
    assert say("figures.observed", language) in texts
    assert any("2020" in text and ("1,000亿元" in text or "100 billion yuan" in text) for text in texts)


def test_a_glyph_that_the_font_lacks_is_a_warning(turnover: dict[str, Fan], tmp_path: Path) -> None:
    fan = turnover["en"]
    strange = Fan("Titled \U0001f600", fan.unit, fan.bands)
    with pytest.warns(UserWarning, match="Glyph"):
        draw_fan(strange, "en").savefig(tmp_path / "figure.png")


def test_what_is_drawn_is_what_the_table_says(turnover: dict[str, Fan], indicators: pd.DataFrame) -> None:
    figure = draw_fan(turnover["en"], "en")
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    median = lines["Action plan: median"].get_ydata()
    rows = indicators[
        (indicators.scenario == "action_plan") & (indicators.indicator == "contract_value_output")
    ]
    assert np.asarray(median).tolist() == pytest.approx(list(rows.q50 / 1e9))
    assert np.asarray(lines["observed"].get_ydata()).tolist() == pytest.approx(
        [10.2, 33.5, 53.3, 64, 72.2, 80.3, 92.1]
    )
    assert figure.axes[0].get_ylim()[0] == 0
    assert figure.axes[0].get_ylim()[1] > 100


@pytest.mark.parametrize(("kind", "of_2020"), [("flow", 2020.5), ("ratio", 2020.5), ("stock", 2021.0)])
def test_everything_stands_at_its_date(turnover: dict[str, Fan], kind: str, of_2020: float) -> None:
    fan = Fan("t", "yuan", turnover["en"].bands, plan_start=Quarter(2018, 2), kind=kind)  # type: ignore[arg-type]
    axes = draw_fan(fan, "en").axes[0]
    places = [np.asarray(line.get_xdata()).tolist() for line in axes.lines]
    assert [set(place) for place in places if len(set(place)) == 1] == [{2018.25}], "the first of April"
    assert {max(place) for place in places if len(place) == 11} == {of_2020}
    names = {
        label.get_text(): at for at, label in zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)
    }
    assert names["2018"] == 2018.5 and 2018.0 in axes.get_xticks(minor=True)


def test_two_bands_are_told_apart_without_colour(turnover: dict[str, Fan]) -> None:
    bands = draw_fan(turnover["en"], "en").axes[0].collections
    assert [band.get_hatch() for band in bands[:2]] == [None, None]
    hatches = [band.get_hatch() for band in bands[2:]]
    assert len(set(hatches)) == 2 and all(hatches), "the second is hatched, its middle half denser"
    assert {line.get_linestyle() for line in draw_fan(turnover["en"], "en").axes[0].lines} >= {"-", "--"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_simulated_past_is_shaded_and_its_end_explained(
    turnover: dict[str, Fan], language: Language
) -> None:
    fan = replace(turnover[language], past_until=2017, with_error=True)
    figure = draw_fan(fan, language)
    (past,) = figure.axes[0].patches
    assert past.get_path().get_extents(past.get_patch_transform()).x1 == 2018.0
    signed = sign(figure, Origin(province="P", last_year=2017), language)
    assert any(say("figures.fold_with_error", language, year=2017)[:20] in text for text in texts_of(signed))


@pytest.mark.parametrize(("length", "columns"), [(1, 3), (8, 2), (30, 1)])
def test_a_legend_has_as_many_columns_as_the_page_has_room_for(
    turnover: dict[str, Fan], length: int, columns: int
) -> None:
    fan = turnover["en"]
    named = {name * length: band for name, band in zip(("plan ", "none "), fan.bands.values(), strict=True)}
    figure = draw_fan(replace(fan, bands=named), "en")
    (legend,) = figure.legends
    starts = {round(text.get_window_extent().x0) for text in legend.get_texts()}
    assert len(starts) == columns
    assert columns == 1 or legend.get_window_extent().x1 <= figure.bbox.x1


def test_a_scenario_without_the_indicator_is_left_out(indicators: pd.DataFrame) -> None:
    assert bands_of(indicators, "loans_new", {"no_plan": "No plan"}) == {}
    assert list(bands_of(indicators, "contract_value_output", {"other": "x", "no_plan": "No plan"})) == [
        "No plan"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_has_a_panel_for_each_series(
    turnover: dict[str, Fan], language: Language, looks_as_it_did: Look
) -> None:
    fans = [turnover[language]] * 3
    figure = looks_as_it_did("overview", language, lambda: draw_overview(fans, language))
    assert [axes.get_visible() for axes in figure.axes] == [True, True, True, False]


def test_the_figure_needs_no_settings_of_the_user(turnover: dict[str, Fan]) -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    draw_fan(turnover["zh"], "zh")
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_runs_out_of_the_picture(turnover: dict[str, Fan], language: Language) -> None:
    long_names = {f"{name}, with a longer name": band for name, band in turnover[language].bands.items()}
    fan = replace(turnover[language], bands=long_names)
    for figure in (draw_fan(fan, language), draw_overview([fan] * 4, language)):
        page = figure.bbox
        texts = [text for legend in figure.legends for text in legend.get_texts()]
        texts += [text for axes in figure.axes for text in (axes.title, *axes.texts)]
        assert len(texts) > 6
        for text in texts:
            box = text.get_window_extent()
            assert page.x0 - 1 <= box.x0 and box.x1 <= page.x1 + 1, text.get_text()
            assert page.y0 - 1 <= box.y0 and box.y1 <= page.y1 + 1, text.get_text()


def test_a_sign_of_any_panel_is_named_in_the_legend(turnover: dict[str, Fan]) -> None:
    unseen = replace(turnover["en"], observed={})
    figure = draw_overview([unseen, turnover["en"]], "en")
    (legend,) = figure.legends
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels == [
        "Action plan: median",
        "No plan: median",
        "observed",
        "5–95 % of futures",
        "25–75 %: darker or denser",
    ]
