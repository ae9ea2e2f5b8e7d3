"""Print the chance of each target with the bands of early 2018, and with those that later studies leave.

``python -m shaanxi_transfer.studies.upkeep.later_vintages --runs 200`` runs ``action_plan`` and ``no_plan``
twice in the same futures. The second time the parameters of `LATER` lie in the narrower band that somebody
may hold who knows the study behind them; each keeps its rank, so that the two differ by nothing else. What a
target owes to studies that nobody could read early in 2018 is the difference. The table goes to
``later_vintages_PROVINCE.csv``.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from ...engine.errors import RunError
from ...experiments.forecasting.target_and_indicator_tables import target_table, yearly_of_parts
from ...experiments.keeping.parquet_parts import table_of
from ...experiments.planning import door_to_model
from ...experiments.planning.plan_of_runs import PlannedRun, future_seed, run_name
from ...experiments.planning.runs import Finished, Job, Outcome
from ...experiments.running.runner import run_batch
from ...experiments.running.table_command import keep_table, run_table
from ...scenarios.provinces.parameter_draws import probability, quantile

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["LATER", "SCENARIOS", "both_bands", "main", "values_known_later"]

SCENARIOS: Final = ("action_plan", "no_plan")

LATER: Final[Mapping[str, tuple[float, float]]] = {
    "fund_fill_rate": (0.43, 0.47),
    "fund_meets_target_share": (0.26, 0.26),
    "fund_state_share": (0.25, 0.7),
    "other_fund_state_led": (0.15, 0.5),
    "commission_mean_value_university": (1.5e5, 3.0e5),
    "transfer_mean_value": (9.0e5, 1.6e6),
    "disclosure_threshold": (0.6, 1.0),
    "pilot_success": (0.6, 0.9),
    "no_pilot_success": (0.15, 0.45),
    "own_use_success": (0.45, 0.65),
    "practising_share": (0.05, 0.2),
    "secondment_value": (1.0e5, 4.0e5),
    "platform_value_cap": (5.0e5, 5.0e5),
}
"""Band of a parameter with the later study at hand: of the first two the study's own, of the others what
``parameters.yaml`` held before decision 0049 opened it."""

_CHOSEN: Final = ["target", "counting", "scenario", "goal", "unit"]
_CHANCE: Final = ["probability", "probability_low", "probability_high", "q50"]


def values_known_later(scenario: Scenario, seed: int) -> dict[str, float]:
    """Give the parameters of `LATER` in a future, each at its rank within the narrower band."""
    table, drawn = scenario.parameter_table(), scenario.parameter_draws(seed)
    found = {}
    for name, (low, high) in LATER.items():
        wide = table[name]
        narrow = wide.model_copy(update={"low": low, "high": high})
        found[name] = low if low == high else quantile(narrow, probability(wide, drawn[name]))
    return found


def both_bands(
    scenarios: Sequence[Scenario], model: door_to_model.Model, given: Namespace
) -> tuple[pd.DataFrame, list[Outcome]]:
    """Run scenarios with both bands; give the table, and the runs that failed.

    ``given`` holds runs, scale, seed and workers. Columns: target, way of counting, scenario, goal, unit,
    then chance, its 95 % interval and the median, with the bands of early 2018 and, ending in ``_later``, the
    others.
    A `RunError` says that no run ended well.
    """
    worlds = dict(_worlds(scenarios, given.runs, given.seed))
    plan = [
        PlannedRun(run_name(world, future), world, future, future_seed(given.seed, future))
        for future in range(given.runs)
        for each in scenarios
        for world in (each.name, _later(each.name, future))
    ]
    model.warm()
    outcomes = list(run_batch(plan, Job(worlds, float(given.scale), model.run_one), workers=given.workers))
    finished = [one for one in outcomes if isinstance(one, Finished)]
    if not finished:
        raise RunError(f"not one of {len(plan)} runs ended well")
    years = yearly_of_parts((table_of([one]).to_pandas() for one in finished), model.definitions)
    years["scenario"] = years["scenario"].str.replace(_MARK, "~later", regex=True)
    names = {f"{each.name}{end}": each.pack().name for each in scenarios for end in ("", "~later")}
    table = target_table(years, model.definitions, names)[[*_CHOSEN, *_CHANCE]]
    later = table["scenario"].str.endswith("~later")
    second = table[later].assign(scenario=table["scenario"].str.removesuffix("~later"))
    both = table[~later].merge(second, on=_CHOSEN, suffixes=("", "_later"))
    return both, [one for one in outcomes if not isinstance(one, Finished)]


_MARK: Final = r"~later-\d{6}$"


def _later(name: str, future: int) -> str:
    return f"{name}~later-{future:06d}"


def _worlds(scenarios: Sequence[Scenario], runs: int, seed: int) -> Iterator[tuple[str, Scenario]]:
    for each in scenarios:
        yield each.name, each
        for future in range(runs):
            values = values_known_later(each, future_seed(seed, future))
            yield _later(each.name, future), each.set(parameters=values, name=_later(each.name, future))


def write_table(given: Namespace) -> int:
    """Make, print and write the table of a province; 1 where runs failed."""
    scenarios = [door_to_model.loaded(name, province=given.province) for name in SCENARIOS]
    table, failed = both_bands(scenarios, door_to_model.model(), given)
    file = keep_table(given, f"later_vintages_{given.province}", table)
    print(table.to_string(index=False))
    print(f"{file}: {len(table)} rows; {len(failed)} runs failed")
    return 1 if failed else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; 0 done, 1 done with failed runs, 2 refused input."""
    return run_table(write_table, "studies.upkeep.later_vintages", __doc__, runs=200, arguments=arguments)


if __name__ == "__main__":
    raise SystemExit(main())
