"""Where the code behind a number begins: from these functions the hashes of code follow what they reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["COUNTING", "MADE_OF", "RUN", "WITHOUT_A_RULE"]

RUN: Final = (
    ("model.running", "run"),
    ("model.running", "run_together"),
    ("scenarios.scenario", "Scenario"),
)
"""Where a run begins, and what it is handed."""

COUNTING: Final = ("model.indicators.every_indicator",)
"""What reads a province without moving it: each indicator has a hash of its own."""

WITHOUT_A_RULE: Final = (
    "engine.compiling",
    "engine.rule_cache",
    "model.indicators.from_outside",
    "model.own_rules",
    "scenarios.loading",
    "scenarios.provinces.names",
    "scenarios.reading.likely_meaning",
    "scenarios.reading.refusals",
    "scenarios.reading.search",
    "scenarios.writing",
)
"""What a run reaches and no rule of the model lies in.

What becomes of a scenario's file, and which pack is meant by a name, is in the scenario's hash; what comes
from outside is in an experiment's.
"""

_IN_A_FOLDER: Final = (
    *RUN,
    ("model.targets", "TARGETS"),
    ("experiments.planning.definitions", "Definitions"),
    ("experiments.keeping.store", "Store"),
    ("experiments.running.worker", "run_in_this_process"),
)

_PACKAGES: Final = (
    *_IN_A_FOLDER,
    ("experiments.effects.package_runs", "PackageStudy"),
    ("experiments.effects.packages", "Packages"),
    ("experiments.effects.kept_figures", "figures_of"),
)

MADE_OF: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "forecast": (
        *_IN_A_FOLDER,
        ("experiments.planning.plan_of_runs", "plan_runs"),
        ("experiments.forecasting.uncertainty", "job_without"),
        ("experiments.forecasting.write_tables", "write_tables"),
        ("experiments.forecasting.predictive", "predictive_of"),
        ("experiments.forecasting.precision", "decision"),
    ),
    "sensitivity": (
        *_IN_A_FOLDER,
        ("experiments.sensitivity_analysis.study", "make_study"),
        ("experiments.sensitivity_analysis.study", "Study"),
        ("experiments.sensitivity_analysis.study", "job_of"),
        ("experiments.running.design_points", "DesignScenarios"),
        ("experiments.sensitivity_analysis.pilot", "look_at_pilot"),
        ("experiments.sensitivity_analysis.carry_out", "analyse"),
    ),
    "attribution": (
        *_PACKAGES,
        ("experiments.attributing.coalitions", "Coalitions"),
        ("experiments.attributing.attribution_table", "attribution_table"),
    ),
    "ranking": (
        *_PACKAGES,
        ("experiments.ranking.ranking_table", "ranking_table"),
        ("experiments.ranking.ranking_table", "packages_of"),
    ),
    "sweep": (
        *_PACKAGES,
        ("experiments.sweeping.design", "SweepPoints"),
        ("experiments.sweeping.design", "design_of"),
        ("experiments.sweeping.sweep_table", "sweep_table"),
    ),
    "why": (
        *_PACKAGES,
        ("experiments.explaining.mechanisms", "Knocked"),
        ("experiments.explaining.why_table", "why_table"),
    ),
    "search": (
        *_PACKAGES,
        ("experiments.searching.search_study", "SearchStudy"),
        ("experiments.searching.stages", "find"),
        ("experiments.searching.packages_table", "packages_table"),
    ),
    "simulator": (
        *_PACKAGES,
        ("experiments.emulating.points", "EmulatedPoints"),
        ("experiments.emulating.points", "design_of"),
        ("experiments.emulating.choose_levers", "chosen_levers"),
    ),
    "waterfall": (
        *_IN_A_FOLDER,
        ("experiments.comparing.lever_steps", "LeverSteps"),
        ("experiments.comparing.lever_steps", "levers_between"),
        ("experiments.comparing.waterfall", "job_of"),
        ("experiments.comparing.waterfall_table", "waterfall_table"),
        ("experiments.forecasting.predictive", "predictive_of"),
    ),
    "calibration": (
        *_IN_A_FOLDER,
        ("experiments.calibrating.ensemble_fit", "calibrate"),
        ("experiments.calibrating.kept_rounds", "KeptRounds"),
        ("experiments.calibrating.fit_tables", "fit_table"),
        ("experiments.calibrating.fit_tables", "identifiability_table"),
    ),
}
"""By kind of experiment, the functions that make its runs and its tables."""
