"""Designs whose units are provinces: some, drawn by lot, get what the others do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...engine import luck
from ...experiments.planning import door_to_model
from .design import Measures, Tables

if TYPE_CHECKING:
    from ...model.record import Record
    from ...scenarios import Scenario

__all__ = ["OverProvinces", "drawn"]

LOT: Final = luck.mechanism("province that is drawn for a study")


def drawn(provinces: Sequence[str], number: int, seed: int) -> set[str]:
    """Draw so many provinces by lot: those with the least numbers, which hang on seed and name alone."""
    keys = np.array([luck.key_of("province", name) for name in provinces], dtype=np.uint64)
    places = np.argsort(luck.draw_uniforms(seed, int(LOT), keys), kind="stable")[:number]
    return {provinces[int(place)] for place in places}


@dataclass(frozen=True)
class OverProvinces:
    """One re-enactment among provinces, estimated from their records.

    In the world ``enacted`` those of the lot have the programme, in ``without`` nobody has. Provinces do not
    trade with each other, so that who is not drawn lives the same in both and is lived once.

    Attributes
    ----------
    name : str
    worlds : callable
        The scenario of a province with the programme, and the one without.
    indicators : tuple of str
        What is taken of the records.
    measure : callable
        As in `design.Design`; the one table of a world is ``province``: a row a province and quarter, in
        the columns province, year, quarter and ``indicators``.
    treated : int
        Provinces that are drawn.
    scale : float
        Rows for each small or middle enterprise.
    share_of_futures : float
        Futures for each of those that are asked for.
    provinces : tuple of str
        All that come with the package by default.
    """

    name: str
    worlds: Callable[[str], tuple[Scenario, Scenario]]
    indicators: tuple[str, ...]
    measure: Measures
    treated: int
    scale: float
    share_of_futures: float
    provinces: tuple[str, ...] = ()

    def lived(self, province: str, seed: int) -> Mapping[str, Tables]:
        """Live all provinces through one future, whichever was asked for."""
        from ...model.running import run_together

        everywhere = self.provinces or tuple(door_to_model.provinces())
        lot = drawn(everywhere, self.treated, seed)
        tables: dict[str, list[pd.DataFrame]] = {"enacted": [], "without": []}
        for name in everywhere:
            enacted, without = self.worlds(name)
            lives = [enacted, without] if name in lot else [without]
            records = run_together(lives, seed=seed, scale=self.scale)
            for world, record in zip(tables, (records[0], records[-1]), strict=True):
                tables[world].append(self._rows(name, record))
        return {world: {"province": pd.concat(parts, ignore_index=True)} for world, parts in tables.items()}

    def _rows(self, name: str, record: Record) -> pd.DataFrame:
        when = {
            "province": name,
            "year": [quarter.year for quarter in record.quarters],
            "quarter": [quarter.quarter for quarter in record.quarters],
        }
        return pd.DataFrame(when | {each: record.series(each) for each in self.indicators})
