from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.keeping.provenance import basis_of
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language
from shaanxi_transfer.studies.published_effects.figure import draw_effects, label_of, main
from shaanxi_transfer.studies.published_effects.make import FILE, table_of_effects
from shaanxi_transfer.studies.published_effects.page import page
from shaanxi_transfer.studies.published_effects.registered import registered


def _table(basis: str) -> pd.DataFrame:
    """Give every registered figure as if it had been found at once where it was published, and a placebo."""
    rng = np.random.default_rng(1)
    rows = []
    for name, figure in registered().items():
        middle = figure.published if np.isfinite(figure.published) else figure.low
        for future, effect in enumerate(rng.normal(middle, 0.02 * max(abs(middle), 0.1), 20)):
            reach = figure.matters / 2.0 if figure.kind == "zero" else 0.1
            rows.append(("lottery", name, future, effect, effect - reach, effect + reach, np.nan))
    rows += [("placebo", "voucher_later", future, 0.0, -1.0, 1.0, 0.0) for future in range(20)]
    found = pd.DataFrame(rows, columns=["design", "figure", "future", "effect", "low", "high", "true"])
    return table_of_effects(found, registered(), basis)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return _table(basis_of(door_to_model.loaded("no_plan")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_counts_only_sizes_that_were_used_for_nothing(
    table: pd.DataFrame, language: Language
) -> None:
    text = page(table, language)
    tests = [one for one in registered().values() if (one.kind_of_use, one.kind) == ("test", "number")]
    assert f"{len(tests)} " in text or f"{len(tests)}个" in text
    for name in registered():
        assert label_of(name, language) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_of_older_rules_is_not_shown(language: Language) -> None:
    text = page(_table("older"), language)
    assert "make published-effects" in text
    assert "published_effects_en.png" not in text
    assert "published_effects_zh.png" not in text


def test_the_figure_has_a_row_for_each_size_and_each_finding_of_nothing(table: pd.DataFrame) -> None:
    above, below = draw_effects(table, "en").axes
    kinds = [figure.kind for figure in registered().values()]
    assert len(above.get_yticks()) == kinds.count("number")
    assert len(below.get_yticks()) == kinds.count("zero")


def test_the_figure_is_drawn_from_the_table(table: pd.DataFrame, tmp_path: Path) -> None:
    table.to_csv(tmp_path / FILE, index=False)
    assert main(["--tables", str(tmp_path), "--out", str(tmp_path)]) == 0
    assert {file.name for file in tmp_path.glob("*.png")} == {
        "published_effects_en.png",
        "published_effects_zh.png",
    }
    assert main(["--tables", str(tmp_path / "none"), "--out", str(tmp_path)]) == 2
