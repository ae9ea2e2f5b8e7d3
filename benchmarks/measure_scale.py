"""How far a smaller scale shifts what the calibration fits: means at 0.1 and 0.25 over those at 1.

``python benchmarks/measure_scale.py`` runs central parameters up to 2017 with many seeds (some minutes).
"""

from __future__ import annotations

import numpy as np

from shaanxi_transfer import load
from shaanxi_transfer.experiments.futures import future_seed
from shaanxi_transfer.model.running import run

INDICATORS = (
    "contract_value_output",
    "contract_count_output",
    "contract_value_inflow",
    "contract_count_inflow",
    "high_tech_enterprises",
    "loans_new",
)
YEARS = (2012, 2014, 2017)
RUNS = {0.1: 120, 0.25: 100, 1.0: 60}


def sums(scale: float, runs: int) -> np.ndarray:
    """Yearly sums (or last values of stocks), array of shape (runs, years, indicators)."""
    world = load("no_plan").set(draw_parameters=False, end="2017-Q4", belief="prior")
    found = []
    for future in range(runs):
        record = run(world, seed=future_seed(1, future), scale=scale)
        columns = [record.indicators.index(name) for name in INDICATORS]
        years = record.values[:, columns].reshape(-1, 4, len(INDICATORS))
        yearly = np.where(
            [name == "high_tech_enterprises" for name in INDICATORS], years[:, 3], years.sum(axis=1)
        )
        found.append(yearly[[year - 2010 for year in YEARS]])
    return np.array(found)


def main() -> None:
    """Print the ratios with their standard errors."""
    at = {scale: sums(scale, runs) for scale, runs in RUNS.items()}
    whole = at[1.0]
    error_whole = whole.std(axis=0) / np.sqrt(len(whole)) / whole.mean(axis=0)
    print(f"{'indicator':28s}{'year':>6s}" + "".join(f"{f'{s:g} over 1':>20s}" for s in RUNS if s < 1))
    for column, name in enumerate(INDICATORS):
        for row, year in enumerate(YEARS):
            line = f"{name:28s}{year:6d}"
            for scale in (0.1, 0.25):
                mine, all_ = at[scale][:, row, column], whole[:, row, column]
                ratio = mine.mean() / all_.mean()
                error = np.hypot(mine.std() / np.sqrt(len(mine)) / mine.mean(), error_whole[row, column])
                line += f"{ratio:12.3f} +- {error:.3f}"
            print(line)


if __name__ == "__main__":
    main()
