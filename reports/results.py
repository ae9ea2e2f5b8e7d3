"""Read one experiment's folder for those who draw and tabulate; nothing is simulated here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ..engine.errors import InputError
from ..engine.quarters import Quarter
from .words import Language

if TYPE_CHECKING:
    from ..experiments.tables import Definitions

PAIRED_QUANTILES: Final = (0.05, 0.95)
"""Ends of the 90 % interval of a paired difference."""


@dataclass(frozen=True)
class Results:
    """What an experiment folder says.

    Attributes
    ----------
    folder : Path
        The experiment folder.
    targets, indicators : DataFrame
        ``targets.csv`` and ``indicators.csv``.
    scenarios : mapping of str to mapping
        Contents of each scenario by name, the one in question first, the one it is held against last.
    runs, failed : int
        Futures asked for, and runs that failed.
    scale : float
        Share of the many that was simulated.
    seed : int
        Seed of the batch.
    differences : mapping of (scenario, target) to (low, high)
        90 % interval over futures of the paired difference from ``against`` in the target's year.
    definitions : Definitions
        Indicators and targets of the model.
    """

    folder: Path
    targets: pd.DataFrame
    indicators: pd.DataFrame
    scenarios: Mapping[str, Mapping[str, Any]]
    runs: int
    failed: int
    scale: float
    seed: int
    differences: Mapping[tuple[str, str], tuple[float, float]]
    definitions: Definitions

    @property
    def against(self) -> str | None:
        """Scenario with which the others are compared, if there is more than one."""
        return list(self.scenarios)[-1] if len(self.scenarios) > 1 else None

    @property
    def province(self) -> str:
        """Name of the province pack."""
        return str(next(iter(self.scenarios.values()))["province"])

    @property
    def plan_start(self) -> Quarter:
        """Quarter in which the plan starts."""
        return Quarter.parse(next(iter(self.scenarios.values()))["plan_start"])

    @property
    def written_for_another(self) -> bool:
        """Whether the plan was written for another province than this one."""
        from ..scenarios import load_pack

        pack = load_pack(self.province)
        return pack.manifest.plan_written_for not in ("", pack.name)

    def titles(self, language: Language) -> dict[str, str]:
        """Give the scenarios' names to show, in the order of the table."""
        return {
            name: str(contents.get(f"title_{language}") or name) for name, contents in self.scenarios.items()
        }


def read_results(folder: Path | str, definitions: Definitions | None = None) -> Results:
    """Read an experiment folder.

    Parameters
    ----------
    folder : path-like
        Made by a forecast.
    definitions : Definitions, optional
        Indicators and targets; the model's by default.

    Returns
    -------
    Results

    Raises
    ------
    InputError
        If the folder holds no finished experiment.
    """
    from ..experiments.store import FAILURES, INDICATORS, MANIFEST, TARGETS, Store

    folder = Path(folder)
    for name in (MANIFEST, TARGETS, INDICATORS):
        if not (folder / name).is_file():
            raise InputError(f"{name} is missing", file=folder, allowed="the folder of a finished forecast")
    store = Store(folder)
    identity = store.manifest()["identity"]
    scenarios = {name: entry["contents"] for name, entry in identity["scenarios"].items()}
    definitions = model_definitions() if definitions is None else definitions
    return Results(
        folder=folder,
        targets=store.read_csv(TARGETS),
        indicators=store.read_csv(INDICATORS),
        scenarios=scenarios,
        runs=int(identity["runs"]),
        failed=len(store.failures()) if (folder / FAILURES).is_file() else 0,
        scale=float(identity["scale"]),
        seed=int(identity["seed"]),
        differences=paired_differences(folder, list(scenarios), definitions),
        definitions=definitions,
    )


def model_definitions() -> Definitions:
    """Give the model's indicators and targets."""
    from ..experiments.doors import model

    return model().definitions


def paired_differences(
    folder: Path, scenarios: list[str], definitions: Definitions
) -> dict[tuple[str, str], tuple[float, float]]:
    """Compare every scenario with the last one, future by future, in each target's year.

    Parameters
    ----------
    folder : Path
        Experiment folder; its predictive rows are read, as for ``targets.csv``.
    scenarios : list of str
        The last one is what the others are held against.
    definitions : Definitions
        Indicators and targets.

    Returns
    -------
    dict of (scenario, target) to (low, high)
        5 % and 95 % quantile of the difference, in the target's unit. Only futures that ended well in
        both scenarios count; targets that are not modelled are left out.
    """
    from ..experiments.store import PREDICTIVE, Store
    from ..experiments.tables import yearly_of_parts

    if len(scenarios) < 2:
        return {}
    wanted = {target.indicator for target in definitions.targets.values()}
    parts = (frame[frame["indicator"].isin(wanted)] for frame in Store(folder).frames(PREDICTIVE))
    years = yearly_of_parts(parts, definitions)
    intervals: dict[tuple[str, str], tuple[float, float]] = {}
    for name, target in definitions.targets.items():
        at = years[(years["indicator"] == target.indicator) & (years["year"] == target.year)]
        by_future = at.pivot(index="future", columns="scenario", values="value")
        for scenario in scenarios[:-1]:
            if not {scenario, scenarios[-1]} <= set(by_future.columns):
                continue
            difference = (by_future[scenario] - by_future[scenarios[-1]]).dropna()
            if len(difference):
                low, high = difference.quantile(list(PAIRED_QUANTILES))
                intervals[scenario, name] = (float(low), float(high))
    return intervals
