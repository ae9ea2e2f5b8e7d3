"""One enterprise's story in one future, and those of a contract and a stake: see `explaining.trace`."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from ...engine.quarters import Quarter
from ...experiments.explaining.trace import traced
from ..tables.trace_rows import told
from ..words.phrases import Language, title_of

if TYPE_CHECKING:
    import pandas as pd

    from .answers import Answer

__all__ = ["Stories"]

MOST_STORIES: Final = 40
FUTURES: Final = 20
"""Futures of which a story may be asked."""


class Stories:
    """Tells stories, and keeps the latest ones; a run at scale 1 is made for each."""

    def __init__(self) -> None:
        self._running = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], pd.DataFrame] = OrderedDict()

    def lines(self, answer: Answer, future: int, language: Language) -> list[str]:
        """Tell of a future of an answer's scenario, a line an event, up to its last year."""
        key = answer.name, future
        with self._running:
            if key not in self._kept:
                year = Quarter.parse(answer.world.end).year
                self._kept[key] = traced(answer.world, answer.key.seed, future, year)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_STORIES:
                self._kept.popitem(last=False)
            table = self._kept[key].assign(scenario=title_of(answer.world, language))
            return list(told(table, language))
