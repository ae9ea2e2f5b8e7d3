"""A waterfall drawn and printed from a hand-made table: few levers by name, and all in the sum."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from shaanxi_transfer.experiments.comparing.waterfall import WATERFALL, Waterfall
from shaanxi_transfer.experiments.comparing.waterfall_table import ALL, COLUMNS
from shaanxi_transfer.experiments.forecasting.paired_differences import differences_of
from shaanxi_transfer.experiments.keeping.manifest import identity_of
from shaanxi_transfer.experiments.keeping.store import open_store
from shaanxi_transfer.reports.figures.waterfall import draw_waterfall, write_figures
from shaanxi_transfer.reports.tables.waterfall_rows import MOST, console_text, panels_of
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language
from shaanxi_transfer.scenarios import lever_catalogue, load

Look = Callable[[str, Language, Callable[[], Figure]], Figure]

LEVERS = list(lever_catalogue())[:14]
QUANTITIES = (
    ("target", "contract_value_output", "full_value", "yuan"),
    ("target", "contract_value_output", "technology_part", "yuan"),
    ("cost", "public_cost", "", "yuan"),
    ("cost", "public_cost_gross", "", "yuan"),
)


@pytest.fixture(scope="module")
def fall(tmp_path_factory: pytest.TempPathFactory) -> Waterfall:
    folder = tmp_path_factory.mktemp("waterfall") / "fall"
    worlds = {name: load(name) for name in ("action_plan", "no_plan")}
    identity = identity_of(worlds, {}, kind="waterfall", runs=12, scale=0.1, seed=1, indicators={})
    store = open_store(folder, identity)
    rows = []
    for kind, name, counting, unit in QUANTITIES:
        for order in ("plan", "sampled"):
            added = np.random.default_rng(1).normal(
                1e8 * np.arange(14) * (-1) ** np.arange(14), 1e7, (12, 14)
            )
            moved = np.column_stack([added, added.sum(axis=1)])
            for step, (lever, pairs) in enumerate(zip([*LEVERS, ALL], moved.T, strict=True), start=1):
                head = ("shaanxi", "no_plan", "action_plan", kind, name, counting, unit, 2020, order, step)
                task = "all" if lever == ALL else lever_catalogue()[lever].selector
                rows.append((*head, lever, task, 0.0, 0.0, *differences_of(pairs).values()))
    store.write_csv(WATERFALL, pd.DataFrame(rows, columns=list(COLUMNS)))
    store.write_failures([], lambda failed: "")
    store.list_files()
    return Waterfall.read(folder)


def test_few_levers_stand_by_themselves_and_all_of_them_sum_to_the_whole(fall: Waterfall) -> None:
    panels = list(panels_of(fall, "en"))
    assert [panel.title for panel in panels] == [
        "Technology contract turnover, 2020 (billion yuan)",
        "Public cost, net, all years to the end of 2020 together (billion yuan)",
    ], "the first way of counting, and the net cost"
    for panel in panels:
        *steps, last = panel.steps
        assert len(steps) == MOST + 1 and steps[-1].title == "the other 4 levers"
        assert sum(step.averaged for step in steps) == pytest.approx(last.averaged)
        assert sum(step.in_plans_order for step in steps) == pytest.approx(last.in_plans_order)
        assert [step.name for step in steps[:-1]] == LEVERS[4:], "the largest, in the order of the plan"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_printed_and_drawn_once(fall: Waterfall, language: Language, looks_as_it_did: Look) -> None:
    text = console_text(fall, language).plain
    assert all(panel.title in text for panel in panels_of(fall, language))
    figure = looks_as_it_did("waterfall", language, lambda: draw_waterfall(fall, language))
    drawn = [axes for axes in figure.axes if axes.get_visible()]
    assert len(drawn) == 2 and all(len(axes.patches) == MOST + 2 for axes in drawn)
    assert write_figures(fall.folder, language).drawn == 1
    assert write_figures(fall.folder, language).left == 1
    assert (fall.folder / "figures" / f"waterfall_{language}.png").stat().st_size > 5000
