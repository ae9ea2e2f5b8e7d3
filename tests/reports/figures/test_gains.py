"""The figure and rows of who gains: every glyph, who loses to the left as who gains to the right."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure

from shaanxi_transfer.reports.figures.gains import LESS, MORE, draw_gains
from shaanxi_transfer.reports.tables.experiment_folder import model_definitions
from shaanxi_transfer.reports.tables.gains_rows import columns_of, groups_of, heading, notes, part_rows
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language

Look = Callable[[str, Language, Callable[[], Figure]], Figure]

PARTS = {
    "city": {"xian": 5e8, "yulin": 0.0, "hanzhong": -2e7},
    "kind": {"enterprise": 4e8, "university": 1e8, "research_institute": 0.0, "military_unit": -2e7},
    "size": {"middle": 5e8, "large": 1e8, "small": 0.0, "micro": -1.2e8},
}


@pytest.fixture
def results() -> Any:
    titles = {"action_plan": "行动方案", "no_plan": "No plan"}
    return SimpleNamespace(
        province="shaanxi", titles=lambda _: titles, definitions=model_definitions(), own_rules=()
    )


@pytest.fixture
def table() -> pd.DataFrame:
    made: list[dict[str, Any]] = []
    for by, parts in PARTS.items():
        for year in (2019, 2020):
            for part, mean in {"all": sum(parts.values()), **parts}.items():
                verdict = "identical" if mean == 0.0 else "more" if mean > 0 else "less"
                made.append(
                    {
                        "province": "shaanxi", "base": "no_plan", "scenario": "action_plan", "by": by,
                        "id": "contract_value_output", "unit": "yuan", "year": year, "part": part,
                        "base_mean": 1e11, "relative": mean / 1e11, "mean": mean, "q05": mean - 1e7,
                        "q50": mean, "q95": mean + 1e7, "share_positive": float(mean > 0),
                        "share_negative": float(mean < 0), "pairs": 200, "verdict": verdict,
                        "comparisons": len(parts), "by_luck": 0.0,
                    }
                )  # fmt: skip
    return pd.DataFrame(made)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("by", list(PARTS))
def test_it_has_every_glyph_and_who_loses_is_there(
    table: pd.DataFrame, results: Any, by: str, language: Language, looks_as_it_did: Look
) -> None:
    mine = table[table["by"] == by]
    figure = looks_as_it_did(f"gains_{by}", language, lambda: draw_gains(mine, results, language))
    (axes,) = figure.axes
    bars: list[Any] = list(axes.patches)
    assert len(bars) == 1 + len(PARTS[by]), "the whole and each part, of the last year alone"
    assert bars[-1].get_width() < 0.0 < bars[1].get_width()
    from matplotlib.colors import to_hex

    assert to_hex(bars[1].get_facecolor()).upper() == MORE
    assert to_hex(bars[-1].get_facecolor()).upper() == LESS


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_rows_name_who_has_more_and_who_has_less(
    table: pd.DataFrame, results: Any, language: Language
) -> None:
    city, _, size = groups_of(table)
    said = heading(city, results, language)
    more, less = {"en": ("Xian +", "Hanzhong -"), "zh": ("西安 +", "汉中 -")}[language]
    assert more in said and less in said
    rows = part_rows(city, results, language)
    assert len(rows) == 4 and {len(row) for row in rows} == {len(columns_of(city, language))}
    assert len(notes(table, language)) == 3 and len(notes(city, language)) == 2
    assert {"en": "micro enterprises -", "zh": "微型企业 -"}[language] in heading(size, results, language)
    still = city.assign(verdict="identical", mean=0.0)
    assert "200" not in heading(still, results, language)
    hidden = city.assign(verdict="not visible")
    assert {"en": "Nobody has visibly less.", "zh": "没有哪一方明显减少。"}[language] in heading(
        hidden, results, language
    )
