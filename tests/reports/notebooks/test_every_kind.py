from __future__ import annotations

from collections.abc import Iterator

from shaanxi_transfer.experiments.discovering.finished_discovery import TableOfForecast
from shaanxi_transfer.experiments.effects.finished_packages import FinishedPackages
from shaanxi_transfer.experiments.keeping.shown import Shown
from shaanxi_transfer.reports.notebooks import advice, discovery, forecast, search, sensitivity

LOADED = (advice, discovery, forecast, search, sensitivity)


def kinds_below(kind: type[Shown]) -> Iterator[type[Shown]]:
    for one in kind.__subclasses__():
        if one.__module__.startswith("shaanxi_transfer.experiments."):
            yield one
            yield from kinds_below(one)


def test_every_kind_of_finished_experiment_draws_itself_and_shows_its_table() -> None:
    kinds = {*kinds_below(Shown)} - {TableOfForecast, FinishedPackages}
    assert {"Forecast", "Sensitivity", "Search", "Worth", "Why"} < {one.__name__ for one in kinds}
    assert [one for one in kinds if one.plotter is None] == []
    assert [one.__name__ for one in kinds if one.tabulator is None] == ["Waterfall"]
