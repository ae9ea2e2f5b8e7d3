"""Every new figure in both languages: no missing glyph, signed, its numbers those of its table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure, FigureBase
from matplotlib.text import Text

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.contracts_of_run import COLUMNS
from shaanxi_transfer.reports.commands.draw import draw_command
from shaanxi_transfer.reports.figures.contracts import draw_cities, draw_network
from shaanxi_transfer.reports.figures.fans import Fan, draw_fan
from shaanxi_transfer.reports.figures.five_targets import draw_targets
from shaanxi_transfer.reports.figures.forecast import draw_missing, save_figure
from shaanxi_transfer.reports.figures.identifiability import draw_identifiability
from shaanxi_transfer.reports.figures.patterns import draw_patterns
from shaanxi_transfer.reports.figures.provinces import (
    TILES,
    draw_side_by_side,
    draw_tiles,
    percent_of_change,
)
from shaanxi_transfer.reports.figures.theme import Origin, sign
from shaanxi_transfer.reports.tables.target_table import TargetRow
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language, say
from shaanxi_transfer.scenarios import list_provinces, load_pack

Look = Callable[[str, Language, Callable[[], Figure]], Figure]

TITLES: dict[str, dict[str, str]] = {
    "en": {"action_plan": "The action plan", "no_plan": "Without the plan"},
    "zh": {"action_plan": "行动方案", "no_plan": "无行动方案"},
}
YEARS = range(2014, 2021)


def band(factor: float) -> pd.DataFrame:
    """Give quantiles of a series that grows by 10e9 yuan a year."""
    middle = np.array([factor * 1e10 * (year - 2010) for year in YEARS])
    spread = {"q05": 0.8, "q25": 0.9, "q50": 1.0, "q75": 1.1, "q95": 1.2}
    return pd.DataFrame({name: middle * by for name, by in spread.items()}, index=pd.Index(YEARS))


def fan(language: Language) -> Fan:
    bands = {title: band(by) for title, by in zip(TITLES[language].values(), (1.1, 1.0), strict=True)}
    return Fan(
        "技术合同成交额" if language == "zh" else "Turnover", "yuan", bands, {2016: 6.2e10, 2017: 7e10}, 1e11,
        2020, Quarter(2018, 2), past_until=2017, with_error=True,
    )  # fmt: skip


def target_rows(language: Language) -> list[TargetRow]:
    head: dict[str, Any] = {"target": "contract_value_output", "title": "Turnover", "unit": "yuan"}
    head |= {"goal": 1e11, "year": 2020, "counting": "full"}
    people: dict[str, Any] = {"target": "trained_people", "title": "People", "unit": "people"}
    people |= {"goal": 1000.0, "year": 2020}
    other = {**head, "counting": "part"}
    return [
        TargetRow(**head, scenario="action_plan", probability=0.9, probability_low=0.8, probability_high=0.95,
                  low=9e10, median=1.2e11, high=1.6e11, first_year=2019),
        TargetRow(**head, scenario="no_plan", probability=0.8, probability_low=0.7, probability_high=0.9,
                  low=8e10, median=1.1e11, high=1.5e11),
        TargetRow(**other, scenario="action_plan", probability=0.1, low=1.0, median=2.0, high=3.0),
        TargetRow(**people, scenario="action_plan", probability=0.5, probability_low=0.4,
                  probability_high=0.6,
                  low=800.0, median=1010.0, high=1300.0, first_year=2020),
        TargetRow(target="unknown", title="Not modelled", unit="count", goal=1.0, year=2020),
    ]  # fmt: skip


def differences() -> pd.DataFrame:
    row = {"kind": "target", "id": "contract_value_output", "counting": "full", "scenario": "action_plan"}
    return pd.DataFrame([{**row, "q05": 2e9, "q50": 1.18e10, "q95": 2.35e10, "verdict": "more"}])


def patterns() -> pd.DataFrame:
    rows = [(1, 0.05, 0.1, "reproduced"), (1, -0.3, 0.1, "partly"), (3, 0.9, 0.1, "not"),
            (12, np.nan, 0.1, "not simulated")]  # fmt: skip
    return pd.DataFrame(rows, columns=["pattern", "distance", "tolerance", "verdict"])


def identifiability() -> pd.DataFrame:
    prior = {"prior_q05": 10.0, "prior_q50": 15.0, "prior_q95": 20.0}
    rows = [
        {"parameter": "unknown_to_all", **prior, "posterior_q05": 9.0, "posterior_q50": 15.0,
         "posterior_q95": 20.0, "sd_ratio": 1.0, "verdict": "not learnt"},
        {"parameter": "capital_pull", **prior, "posterior_q05": 16.0, "posterior_q50": 17.5,
         "posterior_q95": 19.0, "sd_ratio": 0.3, "verdict": "learnt"},
    ]  # fmt: skip
    return pd.DataFrame(rows)


def contracts() -> pd.DataFrame:
    rows = [
        ("outside", 0, "", "enterprise", 1, "xian", 9, 9e9),
        ("university", 1, "xian", "enterprise", 1, "xian", 5, 4e8),
        ("enterprise", 2, "xian", "enterprise", 1, "baoji", 3, 2e8),
        ("enterprise", 1, "baoji", "government", 0, "xian", 1, 1e8),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


SHARES = {"shaanxi": 0.012, "gansu": -0.5, "xizang": 2.0, "beijing": float("nan")}

FIGURES: dict[str, Callable[[Language], Figure]] = {
    "fan": lambda language: draw_fan(fan(language), language),
    "targets": lambda language: draw_targets(
        target_rows(language), differences(), TITLES[language], language
    ),
    "patterns": lambda language: draw_patterns(patterns(), language),
    "identifiability": lambda language: draw_identifiability(identifiability(), {}, language),
    "cities": lambda language: draw_cities(contracts(), load_pack("shaanxi").cities, 2017, language),
    "network": lambda language: draw_network(contracts(), 2017, language),
    "side_by_side": lambda language: draw_side_by_side([fan(language)] * 2, "T", language),
    "tiles": lambda language: draw_tiles(SHARES, "T", language),
}


def words_of(figure: FigureBase) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text) if text.get_visible())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_looks_as_it_did_and_says_what_it_rests_on(
    name: str, language: Language, looks_as_it_did: Look, origins: dict[Language, Origin]
) -> None:
    figure = looks_as_it_did(name, language, lambda: FIGURES[name](language))
    (foot,) = [text.get_text() for text in figure.texts if text.get_gid() == "foot"]
    said = "".join(foot.split())  # lines break at blanks, Chinese ones anywhere
    origin = origins[language]
    for part in (origin.province, *origin.scenarios, *origin.remarks, "12", "2017", "shaanxi-transfer 1.0"):
        assert "".join(part.split()) in said
    assert say("figures.foot_unit", language, unit="")[:3] in said, "the unit"
    page = figure.bbox
    for text in (*figure.texts, *(entry for legend in figure.legends for entry in legend.get_texts())):
        box = text.get_window_extent()
        assert page.x0 - 1 <= box.x0 and box.x1 <= page.x1 + 1 and page.y0 - 1 <= box.y0, text.get_text()


def test_what_is_drawn_is_what_the_tables_say() -> None:
    targets = words_of(FIGURES["targets"]("en"))
    row = differences().iloc[0]
    assert "+11.8 (2 to 23.5) billion yuan, more" in targets and row["q50"] == 1.18e10
    assert "90 %" in targets and "first in 2019" in targets and "Not modelled" not in targets
    (axes,) = FIGURES["patterns"]("en").axes
    drawn = {line.get_label(): np.asarray(line.get_xdata()).tolist() for line in axes.lines}
    assert drawn["reproduced"] == pytest.approx([0.5]) and drawn["partly"] == pytest.approx([-3.0])
    assert drawn["not"] == [4.0], "what lies at nine tolerances stands at the edge"
    assert "1 of 2 facts" in words_of(axes.figure) and "0 of 1 facts" in words_of(axes.figure)
    assert set(patterns()["pattern"]) == {1, 3, 12}
    network = words_of(FIGURES["network"]("en"))
    assert (
        "enterprises: 2" in network and "universities: 1" in network and "outside" not in network.split("\n")
    )
    inside = contracts()["value"][1:].sum()
    assert inside == 7e8 and "in all 700 million yuan" in FIGURES["cities"]("en").remarks_shown[0]  # type: ignore[attr-defined]


def test_identifiability_stands_within_the_prior_best_learnt_first() -> None:
    figure = FIGURES["identifiability"]("en")
    (axes,) = figure.axes
    at = {line.get_label(): np.asarray(line.get_xydata()).tolist() for line in axes.lines}
    assert at["learnt"] == [[0.25, 0.0]] and at["not learnt"] == [[0.0, 1.0]]


def test_every_province_has_a_square_of_its_own() -> None:
    assert set(TILES) == set(list_provinces())
    assert len(set(TILES.values())) == len(TILES)
    assert percent_of_change(2.0, "en") == "+2.0 times" and percent_of_change(-0.5, "zh") == "-50.0%"
    assert "–" in words_of(FIGURES["tiles"]("en")).split("\n"), "no value"


def test_a_goal_of_another_province_has_neither_line_nor_chance() -> None:
    figure = draw_targets(target_rows("en"), differences(), TITLES["en"], "en", with_goals=False)
    said = words_of(figure)
    assert "90 %" not in said and "first in" not in said and "by 2020" not in said and "+11.8" in said
    assert not [line for axes in figure.axes for line in axes.lines if line.get_linestyle() == "--"]


def test_the_command_is_in_the_file_and_the_bytes_are_the_same(
    tmp_path: Path, origins: dict[Language, Origin]
) -> None:
    user: Any = {"text.usetex": True, "axes.facecolor": "black", "savefig.bbox": "tight", "font.size": 30.0}
    files: list[list[Path]] = []
    every: tuple[Any, ...] = ({}, user)
    for settings in every:  # the user's settings do not reach the figure
        with mpl.rc_context(settings):
            figure = sign(FIGURES["patterns"]("zh"), origins["zh"], "zh")
            files.append([save_figure(figure, tmp_path / f"{len(files)}.{form}") for form in ("png", "svg")])
    for first, second in zip(*files, strict=True):
        assert first.read_bytes() == second.read_bytes()
    assert all(b"make it again" in file.read_bytes() for file in files[0])


def test_a_figure_that_fails_keeps_no_other_from_being_drawn(
    tmp_path: Path, origins: dict[Language, Origin]
) -> None:
    def broken() -> Figure:
        raise ValueError("no pen")

    figures = {"first": broken, "second": lambda: FIGURES["patterns"]("en")}
    with pytest.raises(RuntimeError, match="first: no pen"):
        draw_missing(figures, tmp_path, "source", origins["en"], "en")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["second.png", "second.svg"]


@pytest.mark.parametrize(
    ("words", "match"),
    [
        (("patterns",), "0 tables are given; allowed one table"),
        (("patterns", "no.csv"), "no such file"),
        (("identifiability", "other.csv"), "other.csv.*has no column parameter"),
        (("cities", "other.csv"), "takes no table"),
        (("provinces",), "nothing to draw"),
        (("pattern",), "did you mean patterns"),
    ],
)
def test_a_wrong_source_is_refused_in_one_line(
    words: tuple[str, ...], match: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=match):
        draw_command(words[0], [Path(word) for word in words[1:]])


def test_a_figure_that_changed_is_seen(looks_as_it_did: Look) -> None:
    def without_goals() -> Figure:
        return draw_targets(target_rows("en"), differences(), TITLES["en"], "en", with_goals=False)

    with pytest.raises(AssertionError, match="RMS Value"):
        looks_as_it_did("targets", "en", without_goals)
