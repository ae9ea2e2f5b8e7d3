"""The parameters of a run by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ...engine.errors import InputError, nearest

PERFORMERS: Final = ("rd_share_university", "rd_share_institute", "rd_share_military")
"""Parts of the province's R&D; what is left, enterprises perform."""

MOST_BY_PERFORMERS: Final = 0.95
"""Where the three together are drawn larger, they are shrunk in proportion: each has a prior of its own,
which does not know of the others, and the parts of the whole cannot exceed it."""


DATED: Final = ("registration_small_from", "certification_revision")
"""Dates from which another rule holds, of those that lie behind the first year up to which a run may know."""

HEARD: Final = 1.25
"""Years after the start of the last observed one up to which news is in: a forecast is made with the
information of the first quarter after it."""


class Values(dict[str, float]):
    """Parameters of a run; one that the pack does not give is named in the error.

    Parameters
    ----------
    drawn : mapping of str to float
    folder : Path
        Of the pack.
    """

    def __init__(self, drawn: Mapping[str, float], folder: Path) -> None:
        super().__init__(drawn)
        self.folder = folder
        together = sum(self.get(name, 0.0) for name in PERFORMERS)
        if together > MOST_BY_PERFORMERS:
            self.update({name: self[name] * MOST_BY_PERFORMERS / together for name in PERFORMERS})

    def forget_what_comes(self, observed_until: int) -> None:
        """Put off for ever the rules that begin after the last observed year, if those are not to be known.

        Nobody in early 2014 knew that small sellers would be drawn into registration in 2016.
        """
        if not self["regimes_known_ahead"]:
            late = {name: math.inf for name in DATED if self[name] > observed_until + HEARD}
            self.update(late)

    def __missing__(self, name: str) -> float:
        """Refuse a name that neither the shared parameters nor the pack's hold."""
        raise InputError(
            "the parameter is missing",
            key=name,
            file=self.folder / "parameters.yaml",
            allowed="an entry as in the other packs",
            suggestion=nearest(name, self),
        )
