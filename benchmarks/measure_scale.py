"""How far a smaller scale shifts what the calibration fits: means at 0.1 and 0.25 over those at 1.

``python benchmarks/measure_scale.py`` runs central parameters up to 2017 with many seeds (some
minutes) and prints a Markdown table. The same futures are run at every scale: their outside
world is the same, and what remains between two scales is luck alone, which the error measures.
"""

from __future__ import annotations

import numpy as np

from shaanxi_transfer import load
from shaanxi_transfer.experiments.planning.plan_of_runs import future_seed
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
SCALES = (0.1, 0.25)
FUTURES = 60


def sums(scale: float) -> np.ndarray:
    """Yearly sums (or last values of stocks), array of shape (futures, years, indicators)."""
    world = load("no_plan").set(draw_parameters=False, end="2017-Q4", belief="prior")
    found = []
    for future in range(FUTURES):
        record = run(world, seed=future_seed(1, future), scale=scale)
        columns = [record.indicators.index(name) for name in INDICATORS]
        years = record.values[:, columns].reshape(-1, 4, len(INDICATORS))
        yearly = np.where(
            [name == "high_tech_enterprises" for name in INDICATORS], years[:, 3], years.sum(axis=1)
        )
        found.append(yearly[[year - 2010 for year in YEARS]])
    return np.array(found)


def ratio_of_means(small: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ratio of two means over the same futures, and its standard error (of pairs, first order).

    Parameters
    ----------
    small, whole : ndarray of shape (futures, ...)

    Returns
    -------
    tuple of ndarray
        Of the shape of one future.
    """
    ratio = small.mean(axis=0) / whole.mean(axis=0)
    apart = small / small.mean(axis=0) - whole / whole.mean(axis=0)
    return ratio, ratio * apart.std(axis=0, ddof=1) / np.sqrt(len(whole))


def main() -> None:
    """Print the ratios with their standard errors."""
    whole = sums(1.0)
    found = [ratio_of_means(sums(scale), whole) for scale in SCALES]
    print("| indicator | year |" + "".join(f" {scale:g} over 1 | error |" for scale in SCALES))
    print("|---|---|" + "---|---|" * len(SCALES))
    for column, name in enumerate(INDICATORS):
        for row, year in enumerate(YEARS):
            cells = (f" {ratio[row, column]:.3f} | {error[row, column]:.3f} |" for ratio, error in found)
            print(f"| `{name}` | {year} |" + "".join(cells))


if __name__ == "__main__":
    main()
