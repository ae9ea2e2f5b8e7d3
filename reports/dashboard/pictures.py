"""The figures of an answer as SVG: those of the command line, drawn when a page first shows them."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...engine.errors import InputError, nearest
from ...experiments.planning.plan_of_runs import future_seed
from ..words.phrases import Language, say, title_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ...scenarios import Scenario
    from .answers import Answer

__all__ = ["NAMES", "Pictures"]

NAMES: Final = ("fans", "differences", "cities")
MOST_PICTURES: Final = 40
_MAP_SCALE: Final = 0.1


class Pictures:
    """Draws figures one after the other, and keeps the latest ones.

    Parameters
    ----------
    ranking : Path, optional
        Folder of a finished ranking, whose figure is shown as well.
    """

    def __init__(self, ranking: Path | None = None) -> None:
        self.ranking = ranking
        self._drawing = threading.Lock()  # the style of figures is one for the whole process
        self._drawn: OrderedDict[tuple[object, ...], bytes] = OrderedDict()

    def of_answer(self, answer: Answer, name: str, language: Language) -> bytes:
        """Draw one of `NAMES` for an answer.

        Raises
        ------
        InputError
            If there is no such figure, no answer yet, or nothing to draw.
        """
        if name not in NAMES:
            raise InputError(
                "there is no such figure",
                key="figure",
                allowed=", ".join(NAMES),
                suggestion=nearest(name, NAMES),
            )
        if answer.results is None:
            raise InputError("there is no answer yet", key="figure", allowed="after the first futures")
        results, futures = answer.results, answer.futures

        def draw() -> Figure:
            from ..figures.differences import difference_fans, draw_differences
            from ..figures.fans import draw_overview
            from ..figures.forecast import target_fans
            from ..figures.signed import signed

            if name == "cities":
                return map_of_cities(answer.world, answer.key.seed, language)
            if name == "fans":
                fans = list(target_fans(results, language).values())
                figure = draw_overview(fans, language, say("targets.heading", language))
            else:
                figure = draw_differences(difference_fans(results, language), results, language)
            return signed(figure, results.folder, language, futures)

        of_futures = 0 if name == "cities" else futures
        return self._once((answer.name, of_futures, name, language), draw)

    def of_ranking(self, target: str, language: Language) -> bytes:
        """Draw the ranking of tasks or levers by one target of the folder that was given."""
        from ...experiments.ranking.finished_ranking import Ranking
        from ..figures.origin import origin_of
        from ..figures.ranking import draw_ranking
        from ..figures.theme import sign
        from ..tables.experiment_folder import definitions_of
        from ..tables.ranking_rows import of_quantity

        folder = self.ranking
        if folder is None:
            raise InputError("no ranking was given", key="ranking", allowed="dashboard --ranking DIR")
        table = Ranking.read(folder).table
        found = table[table["id"] == target]
        if found.empty:
            raise InputError(
                "the ranking holds no such target", key="ranking", allowed=", ".join(table["id"].unique())
            )
        first = found.iloc[0]

        def draw() -> Figure:
            rows = of_quantity(table, str(first["by"]), target, str(first["counting"]))
            return sign(
                draw_ranking(rows, definitions_of(folder), language), origin_of(folder, language), language
            )

        return self._once(("ranking", target, language), draw)

    def _once(self, key: tuple[object, ...], draw: Callable[[], Figure]) -> bytes:
        with self._drawing:
            if key not in self._drawn:
                self._drawn[key] = as_svg(draw())
            self._drawn.move_to_end(key)
            while len(self._drawn) > MOST_PICTURES:
                self._drawn.popitem(last=False)
            return self._drawn[key]


def map_of_cities(world: Scenario, seed: int, language: Language) -> Figure:
    """Run the first future once, and draw what its cities sell to each other in the last year of the plan."""
    from ...engine.quarters import Quarter
    from ...experiments.contracts_of_run import contracts_of_run
    from ...scenarios import load_pack
    from ..figures.contracts import draw_cities
    from ..figures.origin import origin_in
    from ..figures.theme import sign

    cities = load_pack(world.province).cities
    if len(cities) < 2:
        raise InputError(
            "nothing is known about its cities, so that it is one place",
            key="province",
            allowed="a province with cities of its own",
        )
    year = Quarter.parse(world.end).year
    contracts = contracts_of_run(world, year, seed=future_seed(seed, 0), scale=_MAP_SCALE)
    figure = draw_cities(contracts, cities, year, language)
    title = title_of(world, language)
    return sign(figure, origin_in(world.province, language, scenarios=(title,), futures=1), language)


def as_svg(figure: Figure) -> bytes:
    """Write a figure as SVG, letters as outlines, without a date."""
    from ..figures.theme import figure_style

    buffer = io.BytesIO()
    with figure_style():
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()
