"""A frozen forecast as it is read: the file alone, checked to the byte, and nothing of the model."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ...engine.errors import InputError
from .manifest_of_frozen import LAYOUT
from .sealed_zip import read_archive
from .tables_of_frozen import read_draws

README: Final = "README.txt"
MANIFEST: Final = "manifest.json"
QUANTILES: Final = "quantiles.csv"
CHANCES: Final = "targets.csv"
SEEDS: Final = "futures.csv"
DRAWS: Final = "draws.parquet"
MEMBERS: Final = (README, MANIFEST, QUANTILES, CHANCES, SEEDS, DRAWS)
"""What stands in a frozen forecast, in this order."""


@dataclass(frozen=True)
class Frozen:
    """A frozen forecast.

    ``checksum`` is the SHA-256 of the file, to be compared with what was published; ``manifest`` is of
    `manifest_of_frozen.of_forecast`, ``quantiles`` and ``chances`` are of `tables_of_frozen`, ``draws`` have
    its `DRAW_COLUMNS`.
    """

    file: Path
    checksum: str
    manifest: Mapping[str, Any]
    draws: pd.DataFrame
    quantiles: pd.DataFrame
    chances: pd.DataFrame

    @property
    def province(self) -> str:
        """Name of the province."""
        return str(self.manifest["province"]["name"])

    @property
    def origin(self) -> int:
        """Last year whose figures were known."""
        return int(self.manifest["information_until"])

    @property
    def years(self) -> list[int]:
        """Years that are forecast."""
        return [int(year) for year in self.manifest["years"]]

    @property
    def indicators(self) -> list[str]:
        """What is forecast."""
        return list(self.manifest["indicators"])

    @property
    def units(self) -> dict[str, str]:
        """Unit of each indicator that the model knew, frozen or not."""
        return dict(self.manifest["units"])

    @property
    def judged(self) -> str:
        """Scenario that was chosen beforehand to be held against what comes."""
        return str(self.manifest["judged_scenario"])

    @property
    def judged_draws(self) -> pd.DataFrame:
        """Draws that are held against what comes: rivals', which have no scenario, and of the judged one."""
        return self.draws[self.draws["scenario"].isin(["", self.judged])]

    @property
    def for_another(self) -> bool:
        """Whether the plan, and so its goals, were written for another province."""
        return self.manifest["province"]["plan_written_for"] not in ("", self.province)


def read_frozen(file: str | Path) -> Frozen:
    """Read a frozen forecast; refuse one that was changed by a single byte, or has an unknown form."""
    file = Path(file)
    members, checksum = read_archive(file)
    try:
        manifest = json.loads(members[MANIFEST])
        layout = manifest["layout"]
    except (KeyError, ValueError, TypeError) as error:
        raise InputError(
            f"the archive holds no {MANIFEST} of a frozen forecast", file=file, allowed=", ".join(MEMBERS)
        ) from error
    if layout != LAYOUT or not set(MEMBERS) <= set(members):
        raise InputError(
            f"the form of this frozen forecast is number {layout}",
            key="layout",
            file=file,
            allowed=f"number {LAYOUT}; use the version of the package that its {MANIFEST} names",
        )
    # An empty scenario is a rival's, not a missing value.
    quantiles, chances = (
        pd.read_csv(io.BytesIO(members[name]), keep_default_na=False, na_values={})
        for name in (QUANTILES, CHANCES)
    )
    return Frozen(file, checksum, manifest, read_draws(members[DRAWS]), quantiles, chances)
