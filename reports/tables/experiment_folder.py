"""Read one experiment's folder for those who draw and tabulate; nothing is simulated here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ...engine.errors import InputError
from ...engine.quarters import Quarter
from ..words.phrases import Language

if TYPE_CHECKING:
    from ...experiments.planning.definitions import Definitions

PLATFORMS: Final = "incubation_platforms"
FUND: Final = "guidance_fund_committed"
GOVERNMENT_PART: Final = "guidance_fund_government"


@dataclass(frozen=True)
class Results:
    """What an experiment folder says.

    Attributes
    ----------
    folder : Path
        The experiment folder.
    targets, indicators : DataFrame
        ``targets.csv`` and ``indicators.csv``.
    differences : DataFrame
        ``differences.csv``; no row if nothing is held against another, or the folder is of 0.2 or earlier.
    scenarios : mapping of str to mapping
        Contents of each scenario by name, the one in question first, the one it is held against last.
    runs, failed : int
        Futures made, and runs that failed.
    scale : float
        Share of the many that was simulated.
    seed : int
        Seed of the batch.
    visible : mapping of (scenario, indicator) to bool
        Whether the paired difference from ``against`` in the target's year is visible.
    beside : mapping of (scenario, target) to mapping
        Figures printed beside a target; see `side_figures`.
    definitions : Definitions
        Indicators and targets of the model.
    stopped : mapping, optional
        Why a forecast with a wished precision ended; see `experiments.forecasting.precision.Stop`.
    without : tuple of str
        Parts of the uncertainty that were left out; see `experiments.forecasting.uncertainty.PARTS`.
    discrepancies : mapping
        Discrepancy of the model by scenario, as it entered the predictions; empty without one.
    own_rules : tuple of str
        Rules from outside that stood in place of the model's, each with its file and function.
    forecaster : str
        Whose level the four series have; see `experiments.forecasting.options.FORECASTERS`.
    """

    folder: Path
    targets: pd.DataFrame
    indicators: pd.DataFrame
    differences: pd.DataFrame
    scenarios: Mapping[str, Mapping[str, Any]]
    runs: int
    failed: int
    scale: float
    seed: int
    visible: Mapping[tuple[str, str], bool]
    beside: Mapping[tuple[str, str], Mapping[str, float]]
    definitions: Definitions
    stopped: Mapping[str, Any] | None = None
    without: tuple[str, ...] = ()
    discrepancies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    own_rules: tuple[str, ...] = ()
    forecaster: str = "model"

    @property
    def of_other_rules(self) -> bool:
        """Whether a discrepancy was estimated with other rules of the model than those that are here."""
        from ...experiments.keeping.provenance import hash_of_mechanisms

        return any(one["rules"] != hash_of_mechanisms() for one in self.discrepancies.values())

    @property
    def reconciled(self) -> bool:
        """Whether levels are shifted so that all provinces follow the nation's forecast."""
        return all("shift" in one for one in self.discrepancies.values())

    @property
    def predicted_with_error(self) -> dict[str, set[str]]:
        """By scenario, indicators of targets that are predicted with an error of the model."""
        from ...experiments.forecasting.predictive import series_behind

        return {
            name: {one for one in self.definitions.counted if series_behind(one) in discrepancy["series"]}
            for name, discrepancy in self.discrepancies.items()
        }

    @property
    def belief(self) -> str:
        """What parameters were drawn from: ``prior``, ``posterior``, ``outdated`` or ``own_rules``.

        Outdated is a posterior made with other rules, data or province than are here; under rules from
        outside every posterior is one of other rules.
        """
        from ...experiments.keeping.provenance import warning_of
        from ...experiments.planning.door_to_model import scenario_of

        world = scenario_of(next(iter(self.scenarios.values())))
        if world.posterior() is None:
            return "prior"
        if self.own_rules:
            return "own_rules"
        return "posterior" if warning_of(world) is None else "outdated"

    @property
    def against(self) -> str | None:
        """Scenario with which the others are compared, if there is more than one."""
        return list(self.scenarios)[-1] if len(self.scenarios) > 1 else None

    @property
    def province(self) -> str:
        """Name of the province pack."""
        return _province_in(self.scenarios.values())

    @property
    def plan_start(self) -> Quarter:
        """Quarter in which the plan starts."""
        return Quarter.parse(next(iter(self.scenarios.values()))["plan_start"])

    @property
    def written_for(self) -> str:
        """Name of the province for which the plan was written, if that is another one; else empty."""
        from ...scenarios import load_pack

        head = load_pack(self.province).manifest
        own = self.definitions.declared or head.plan_written_for == head.name
        return "" if own else head.plan_written_for

    @property
    def own_notes(self) -> dict[str, str] | None:
        """What scenarios note beside targets that they declare, by target; None for the shipped plan's."""
        targets: Mapping[str, Any] = self.definitions.targets
        return {name: one.note for name, one in targets.items()} if self.definitions.declared else None

    def titles(self, language: Language) -> dict[str, str]:
        """Give the scenarios' names to show, in the order of the table."""
        return {
            name: str(contents.get(f"title_{language}") or name) for name, contents in self.scenarios.items()
        }


def read_results(folder: Path | str, definitions: Definitions | None = None) -> Results:
    """Read the folder of a forecast; ``definitions`` are the model's by default.

    Raises
    ------
    InputError
        If the folder holds no finished experiment.
    """
    from ...experiments.forecasting.difference_table import read_differences
    from ...experiments.forecasting.precision import STOPPED
    from ...experiments.keeping.integrity import open_finished
    from ...experiments.keeping.store import FAILURES, INDICATORS, MANIFEST, TARGETS
    from ...experiments.planning.countings import counted_as
    from ...experiments.planning.door_to_model import definitions_in
    from ...experiments.planning.own_code import OwnCode

    folder = Path(folder)
    for name in (MANIFEST, TARGETS, INDICATORS):
        if not (folder / name).is_file():
            raise InputError(f"{name} is missing", file=folder, allowed="the folder of a finished forecast")
    store = open_finished(folder)
    manifest = store.manifest()
    identity, stopped = manifest["identity"], manifest.get(STOPPED)
    scenarios = {name: entry["contents"] for name, entry in identity["scenarios"].items()}
    own = OwnCode.from_folder(folder, identity)
    definitions = definitions_in(folder, identity) if definitions is None else definitions
    definitions = counted_as(definitions, identity.get("counting", {}))
    years = years_of_targets(folder, definitions)
    plan_start = Quarter.parse(next(iter(scenarios.values()))["plan_start"])
    return Results(
        folder=folder,
        targets=_with_counting(store.read_csv(TARGETS), definitions),
        indicators=store.read_csv(INDICATORS),
        differences=read_differences(store),
        scenarios=scenarios,
        runs=int(stopped["futures"] if stopped else identity["runs"]),
        failed=len(store.failures()) if (folder / FAILURES).is_file() else 0,
        scale=float(identity["scale"]),
        seed=int(identity["seed"]),
        visible=visible_differences(years, list(scenarios), definitions),
        beside=side_figures(years, list(scenarios), definitions, plan_start.year),
        definitions=definitions,
        stopped=stopped,
        without=tuple(identity.get("without", ())),
        discrepancies=identity.get("discrepancy", {}),
        forecaster=identity.get("forecaster", {"name": "model"})["name"],
        own_rules=own.rules_used,
    )


def _with_counting(targets: pd.DataFrame, definitions: Definitions) -> pd.DataFrame:
    """Tell of a table of 0.2 or earlier that it counts each target in the first way."""
    if "counting" in targets.columns:
        return targets
    first = {name: next(iter(target.countings)) for name, target in definitions.targets.items()}
    return targets.assign(counting=targets["target"].map(first))


def province_of(folder: Path) -> str:
    """Name the province pack of an experiment, finished or not."""
    from ...experiments.keeping.store import Store

    return _province_in(
        entry["contents"] for entry in Store(folder).manifest()["identity"]["scenarios"].values()
    )


def _province_in(scenarios: Iterable[Mapping[str, Any]]) -> str:
    return str(next(iter(scenarios))["province"])


def own_rules_of(folder: Path) -> tuple[str, ...]:
    """Name the rules from outside that an experiment was made with, each with its file and function."""
    from ...experiments.keeping.store import Store
    from ...experiments.planning.own_code import OwnCode

    return OwnCode.from_folder(folder, Store(folder).manifest()["identity"]).rules_used


def scenario_title(folder: Path, language: Language) -> str:
    """Give the title of the first scenario of an experiment."""
    return scenario_titles(folder, language)[0]


def scenario_titles(folder: Path, language: Language) -> list[str]:
    """Give the titles of the scenarios of an experiment, in its order."""
    from ...experiments.keeping.store import Store

    scenarios = Store(folder).manifest()["identity"]["scenarios"]
    return [str(one["contents"].get(f"title_{language}") or name) for name, one in scenarios.items()]


def titled(table: pd.DataFrame, folder: Path, language: Language) -> pd.DataFrame:
    """Put the titles of an experiment's scenarios in place of their names, in ``scenario`` and ``base``."""
    from ...experiments.keeping.store import Store

    names = Store(folder).manifest()["identity"]["scenarios"]
    titles = dict(zip(names, scenario_titles(folder, language), strict=True))
    columns = [name for name in ("scenario", "base") if name in table.columns]
    return table.assign(**{name: table[name].map(lambda one: titles.get(one, one)) for name in columns})


def definitions_of(folder: Path) -> Definitions:
    """Give the indicators and targets of an experiment: those that its scenarios declare, or the plan's."""
    from ...experiments.keeping.store import Store
    from ...experiments.planning.door_to_model import definitions_in

    return definitions_in(folder, Store(folder).manifest()["identity"])


def model_definitions() -> Definitions:
    """Give the model's indicators and targets."""
    from ...experiments.planning.door_to_model import model

    return model().definitions


def years_of_targets(folder: Path, definitions: Definitions) -> pd.DataFrame:
    """Read what the table of targets needs out of the predictive rows, as for ``targets.csv``.

    Columns are scenario, future, indicator, year, value; indicators that are not modelled are absent.
    """
    from ...experiments.forecasting.target_and_indicator_tables import yearly_of_parts
    from ...experiments.keeping.store import PREDICTIVE, Store

    wanted = definitions.counted | {GOVERNMENT_PART}
    parts = (frame[frame["indicator"].isin(wanted)] for frame in Store(folder).frames(PREDICTIVE))
    return yearly_of_parts(parts, definitions)


class _ByFuture:
    """Values of `years_of_targets`, indicator by indicator and year by year."""

    def __init__(self, years: pd.DataFrame) -> None:
        self._values = {key: rows for key, rows in years.groupby(["indicator", "year"], sort=False)}

    def of(self, indicator: str, year: int) -> pd.DataFrame:
        """Give one of them: a row for each future, a column for each scenario."""
        if (indicator, year) not in self._values:
            return pd.DataFrame()
        return self._values[indicator, year].pivot(index="future", columns="scenario", values="value")


def visible_differences(
    years: pd.DataFrame, scenarios: Sequence[str], definitions: Definitions
) -> dict[tuple[str, str], bool]:
    """Compare every scenario with the last one, future by future, in each target's year.

    ``years`` comes from `years_of_targets`. By scenario and indicator it says whether the difference is
    visible, by the rule of `paired_effects.is_visible`. Only futures that ended well in both scenarios count;
    ways of counting that are not modelled are left out.
    """
    from ...experiments.effects.paired_effects import is_visible

    visible: dict[tuple[str, str], bool] = {}
    values = _ByFuture(years)
    for target in definitions.targets.values():
        for indicator in target.countings.values():
            by_future = values.of(indicator, target.year)
            for scenario in scenarios[:-1]:
                if not {scenario, scenarios[-1]} <= set(by_future.columns):
                    continue
                difference = (by_future[scenario] - by_future[scenarios[-1]]).dropna()
                if len(difference):
                    visible[scenario, indicator] = is_visible(difference)
    return visible


def side_figures(
    years: pd.DataFrame, scenarios: Sequence[str], definitions: Definitions, plan_year: int
) -> dict[tuple[str, str], dict[str, float]]:
    """Compute what is printed beside a target because its count alone would mislead.

    By scenario and target it gives medians over futures: ``new`` platforms net of those that closed, counted
    from the end of the year before ``plan_year``; ``total`` and ``social`` commitments for each yuan that
    the government paid in. Empty where the records lack them.
    """
    figures: dict[tuple[str, str], dict[str, float]] = {}
    values = _ByFuture(years)

    def medians(name: str, scenario: str, **samples: pd.Series[float]) -> None:
        found = {key: float(sample.median()) for key, sample in samples.items() if sample.notna().any()}
        if found:
            figures[scenario, name] = found

    for scenario in scenarios:
        for name, target in definitions.targets.items():
            at = values.of(target.indicator, target.year)
            if scenario not in at.columns:
                continue
            if PLATFORMS in target.countings.values():
                before = values.of(target.indicator, plan_year - 1)
                if scenario in before.columns:
                    medians(name, scenario, new=at[scenario] - before[scenario])
            paid = values.of(GOVERNMENT_PART, target.year)
            if FUND in target.countings.values() and scenario in paid.columns:
                total = at[scenario] / paid[scenario].where(paid[scenario] > 0)
                medians(name, scenario, total=total, social=total - 1)
    return figures
