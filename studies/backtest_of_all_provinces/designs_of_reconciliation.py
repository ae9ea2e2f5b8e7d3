"""Which form of reconciliation and of noise the committed backtest speaks for: no run, writes nothing.

``python -m shaanxi_transfer.studies.backtest_of_all_provinces.designs_of_reconciliation`` takes the
model with the discrepancy of the past from the table of scores. Its draws are not stored there: joint draws
are made from the seven quantiles of each forecast, of independent provinces, or all at one probability. Each
design is scored on the half of the provinces on which designs are chosen, on the other and on all. Decision
0050.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import logsumexp, ndtri

from ...experiments.backtesting.energy_score import energy_log
from ...experiments.backtesting.quantile_pool import pooled_points
from ...experiments.backtesting.quantile_scores import crps_of_quantiles
from ...experiments.backtesting.reconcile import growth_of_futures, reconcile
from ...experiments.planning.definitions import LAST_YEAR
from ...experiments.planning.plan_of_runs import future_seed
from ...experiments.running.table_command import DEFAULT_FOLDER, errors_in_one_line
from .halves import half_for_choosing
from .pool import MEMBERS, members_of, points_of
from .tables import MODEL, SCORES

if TYPE_CHECKING:
    from ...scenarios import Pack

__all__ = ["designs", "joint_draws", "main"]

FloatArray = npt.NDArray[np.float64]

DRAWS: Final = 1000
ENERGY_DRAWS: Final = 300


def joint_draws(quantiles: FloatArray, levels: FloatArray, scores: FloatArray) -> FloatArray:
    """Make draws of provinces from quantiles (provinces, levels), at normal scores (draws, provinces).

    Between quantiles the logarithm is interpolated in the normal score, and goes on beyond the last two.
    """
    at = np.asarray(ndtri(levels), np.float64)
    drawn = np.empty_like(scores)
    for place, mine in enumerate(quantiles):
        z = scores[:, place]
        low, high = np.diff(mine)[[0, -1]] / np.diff(at)[[0, -1]]
        inside = np.interp(z, at, mine)
        drawn[:, place] = inside + low * np.minimum(z - at[0], 0.0) + high * np.maximum(z - at[-1], 0.0)
    return drawn


def designs(joint: FloatArray, at_origin: FloatArray, grown: FloatArray) -> dict[str, FloatArray]:
    """Give the joint draws by design: as they are, and with shifts of three kinds."""
    total = float(logsumexp(at_origin)) + grown
    middles = float(np.median(total) - logsumexp(np.median(joint, axis=0)))
    sums = np.asarray(logsumexp(joint, axis=1), np.float64)
    return {
        "as they are": joint,
        "sum of the medians shifted": joint + middles,
        "median of the sum shifted": joint + reconcile(joint, at_origin, grown).shift,
        "every draw shifted": joint + (total - sums)[:, np.newaxis],
    }


def _crps(draws: FloatArray, outcome: FloatArray) -> FloatArray:
    """Give the fair CRPS of each province."""
    number, ranked = len(draws), np.sort(draws, axis=0)
    weights = 2.0 * np.arange(1, number + 1) - number - 1.0
    apart = weights @ ranked / (number * (number - 1.0))
    scores: FloatArray = np.abs(draws - outcome).mean(axis=0) - apart
    return scores


def _national(packs: Mapping[str, Pack], origin: int) -> dict[str, FloatArray]:
    number = next(iter(packs.values())).series_of("contract_count_output", "china")
    seeds = [future_seed(1, future) for future in range(DRAWS)]
    return growth_of_futures(number, origin, LAST_YEAR - origin, seeds)


Told = Callable[[str, str, pd.DataFrame, FloatArray, FloatArray], None]


def _each(
    points: pd.DataFrame, packs: Mapping[str, Pack], levels: FloatArray, told: Told
) -> pd.Series[float]:
    """Try all designs on each origin, series and year; give the shift of the median of the sum by point."""
    luck = np.random.default_rng(1)
    shifts: dict[Any, float] = {}
    nation = {int(origin): _national(packs, int(origin)) for origin in points["origin"].unique()}
    figures: Any = points.groupby(["origin", "indicator", "year"], sort=True)
    for (origin, name, year), mine in figures:
        quantiles = np.stack(list(mine["quantiles"]))
        at_origin = np.log([packs[who].series_of(str(name))[origin] for who in mine["province"]])
        grown = nation[origin][str(name)][:, year - origin - 1]
        outcome = np.log(mine["observed"].to_numpy(np.float64))
        apart = luck.standard_normal((DRAWS, len(mine)))
        alike = np.repeat(luck.standard_normal((DRAWS, 1)), len(mine), axis=1)
        for noise, scores in (("by place", apart), ("of all", alike)):
            joint = joint_draws(quantiles, levels, scores)
            for design, draws in designs(joint, at_origin, grown).items():
                told(noise, design, mine, draws, outcome)
            if noise == "by place":
                shifts |= dict.fromkeys(mine.index, reconcile(joint, at_origin, grown).shift)
    by_point: pd.Series[float] = pd.Series(shifts, dtype=np.float64).reindex(points.index)
    return by_point


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Print all designs; 0 done, 2 refused."""
    from ...scenarios import load_pack

    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.backtest_of_all_provinces.designs_of_reconciliation",
        description=__doc__,
    )
    parser.add_argument("--scores", type=Path, default=DEFAULT_FOLDER / SCORES)
    given = parser.parse_args(arguments)
    points, levels = points_of(given.scores, 1)
    points = members_of(points).reset_index(drop=True)
    packs = {name: load_pack(name) for name in map(str, sorted(points["province"].unique()))}
    chosen = half_for_choosing(packs)
    crps: list[pd.DataFrame] = []
    energy: list[tuple[str, str, float, float, float]] = []

    def told(noise: str, design: str, mine: pd.DataFrame, draws: FloatArray, outcome: FloatArray) -> None:
        inside = mine["province"].isin(chosen).to_numpy()
        facts = {"noise": noise, "design": design, "chosen": inside, "crps": _crps(draws, outcome)}
        crps.append(pd.DataFrame(facts))
        few = draws[:ENERGY_DRAWS]
        one, other = (energy_log(few[:, kept], outcome[kept]) for kept in (inside, ~inside))
        energy.append((noise, design, one, other, energy_log(few, outcome)))

    of_model = points[points["forecaster"] == MODEL]
    shift = _each(of_model, packs, levels, told)
    scores: Any = pd.concat(crps).groupby(["noise", "design"], sort=False)
    of_energy = pd.DataFrame(energy, columns=["noise", "design", "chosen", "other", "all"])
    joint = of_energy.groupby(["noise", "design"], sort=False).mean()
    for key, mine in scores:
        energies = joint.loc[[key]].to_numpy(np.float64)[0].tolist()
        halves = [mine.loc[mine["chosen"] == half, "crps"].mean() for half in (True, False)]
        print(
            f"noise {key[0]}, {key[1]}: CRPS {halves[0]:.4f} / {halves[1]:.4f} / {mine['crps'].mean():.4f}, "
            f"energy {' / '.join(f'{x:.3f}' for x in energies)} (chosen / other / all)"
        )

    def print_pool(name: str, table: pd.DataFrame) -> None:
        outcomes = np.log(table["observed"].to_numpy(np.float64))
        found = crps_of_quantiles(levels, np.stack(list(table["quantiles"])), outcomes)
        inside = table["province"].isin(chosen).to_numpy()
        halves = f"{found[inside].mean():.4f} / {found[~inside].mean():.4f} / {found.mean():.4f}"
        by = pd.Series(found).groupby(table["indicator"].to_numpy()).mean()
        print(f"{name}: CRPS of the quantiles {halves}; " + ", ".join(f"{x} {y:.4f}" for x, y in by.items()))

    def shifted(table: pd.DataFrame, by: pd.Series[float]) -> pd.DataFrame:
        moved = [mine + one for mine, one in zip(table["quantiles"], by, strict=True)]
        return table.assign(quantiles=pd.Series(moved, index=table.index, dtype=object))

    before = shifted(of_model, shift)
    others = points[points["forecaster"] != MODEL]
    for name, mine in others.groupby("forecaster"):
        print_pool(str(name), mine)
    print_pool("model", of_model)
    print_pool("model, reconciled", before)

    def pooled(table: pd.DataFrame) -> pd.DataFrame:
        found = pooled_points(table, MEMBERS, levels=levels, equal_if_too_few=True)[0]
        return found.reset_index(drop=True)

    print_pool("pool", pooled(points))
    print_pool("pool of the reconciled", pooled(pd.concat([before, others])))
    after = pooled(points)
    print_pool("pool, then reconciled", shifted(after, _each(after, packs, levels, lambda *_: None)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
