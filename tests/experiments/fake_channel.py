"""A contract channel of two lines in place of the province, for tests of what surrounds a calibration.

Worker processes import it by name: `conftest.py` puts its folder on the path.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from fake_province import Record, nothing_to_compile  # type: ignore[import-not-found]

from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.planning.door_to_model import Model
from shaanxi_transfer.experiments.planning.runs import Failed
from shaanxi_transfer.experiments.running.runner import run_batch

FREE = ("enterprise_contracts_2017", "mean_contract_value_2017", "import_share")
INDICATORS = (
    "contract_count_output",
    "contract_value_output",
    "contract_count_inflow",
    "contract_value_inflow",
)
LUCK = 0.1


def run(scenario: Any, *, seed: int, scale: float = 0.1) -> Record:
    """Contracts grow by a tenth a year up to 2017; imports tell of nothing."""
    values = scenario.parameter_draws(seed)
    luck = np.random.default_rng(seed)
    years = np.array([quarter.year for quarter in scenario.quarters])
    count = values["enterprise_contracts_2017"] / 4 * 1.1 ** (years - 2017.0)
    noise = np.exp(LUCK * luck.standard_normal(2))
    value = count * values["mean_contract_value_2017"]
    table = [count * noise[0], value * noise[1], count, value]
    return Record(INDICATORS, scenario.quarters, np.stack(table, axis=1))


def model() -> Model:
    real = door_to_model.model()
    known = {name: real.definitions.indicators[name] for name in INDICATORS}
    return Model(run, Definitions(known, {}), nothing_to_compile)


HEAD = "indicator,year,value,unit,use,ln_error,source,source_kind,note"


def observed(contracts: float, mean: float) -> str:
    """A table of one's own, as it would be for certain numbers without luck."""
    rows = [HEAD]
    for year in (2015, 2016, 2017):
        count = contracts * 1.1 ** (year - 2017)
        rows.append(f"contract_count_output,{year},{count:.0f},contracts,fit,0.05,made up,press,-")
        rows.append(f"contract_value_output,{year},{count * mean:.0f},yuan,fit,0.05,made up,press,-")
    rows.append("contract_count_inflow,2017,1,contracts,at_least,0.1,made up,press,-")
    return "\n".join(rows) + "\n"


class Counted:
    """An executor in this process that counts its runs.

    It fails those of scenarios whose name begins as asked, and is stopped before one run more than so many.
    """

    def __init__(self, *, failing: str | None = None, most: int = 10**6) -> None:
        self.runs, self.failing, self.most = 0, failing, most

    def __call__(self, plan: Any, job: Any, **_: Any) -> Any:
        for outcome in run_batch(plan, job, workers=0):
            if self.runs == self.most:
                raise KeyboardInterrupt
            self.runs += 1
            fails = self.failing is not None and outcome.run.scenario.startswith(self.failing)
            yield Failed(outcome.run, "exception", "made to fail") if fails else outcome
