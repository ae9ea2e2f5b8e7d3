"""Which regression emulates ten levers: errors at unseen points of a stand-in that saturates and bends.

``python benchmarks/emulator_libraries.py`` prints, by points and noise, the ninth decile of the error at 200
unseen points over the spread of the function there, and the processor seconds of the fit.
"""

from __future__ import annotations

import time
import warnings

import numpy as np
from scipy.stats import qmc
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

from shaanxi_transfer.experiments.emulating.emulator import FloatArray, fitted

LEVERS = 10
TESTS = 200
SEED = 3


def stand_in(points: FloatArray) -> FloatArray:
    """Give a function of ten levers and a plan."""
    u, plan = (points[:, :LEVERS] + 1.0) / 2.0, points[:, LEVERS]
    saturates = 3.0 * u[:, 0] ** 2 / (0.1 + u[:, 0] ** 2)
    is_bound = 2.0 * np.minimum(u[:, 1] ** 2, 0.3 + 0.3 * u[:, 2])
    crosses = 1.5 * u[:, 3] * u[:, 4] + 0.3 * plan * (1.0 + u[:, 7])
    found: FloatArray = saturates + is_bound + crosses + np.sqrt(u[:, 5]) + 0.5 * u[:, 6]
    return found


def cube(points: int, seed: int) -> FloatArray:
    """Spread points over levers and plan."""
    unit = qmc.LatinHypercube(LEVERS + 1, rng=np.random.default_rng(seed)).random(points)
    return np.hstack([2.0 * unit[:, :LEVERS] - 1.0, np.where(unit[:, LEVERS:] > 0.5, 1.0, -1.0)])


def main() -> None:
    warnings.simplefilter("ignore")  # a length at its bound is a lever that does nothing
    rng = np.random.default_rng(SEED)
    print("noise points   ridge        process      boosting")
    for noise in (0.0, 0.15):
        for points in (120, 200, 300):
            seen, unseen = cube(points, 1), cube(TESTS, 2)
            known = stand_in(seen) + noise * rng.normal(size=points)
            truth = stand_in(unseen) + noise * rng.normal(size=TESTS)
            said = []
            for name in ("ridge", "process", "boosting"):
                began = time.process_time()
                found = predicted(name, seen, known, unseen, truth)
                error = float(np.quantile(np.abs(found - truth), 0.9) / truth.std())
                said.append(f"{error:.3f} {time.process_time() - began:4.1f} s")
            print(f"{noise:5.2f} {points:6d}   {'  '.join(said)}", flush=True)


def predicted(
    name: str, seen: FloatArray, known: FloatArray, unseen: FloatArray, truth: FloatArray
) -> FloatArray:
    """Fit one of the three, and predict what it has not seen."""
    if name == "ridge":
        emulator = fitted(LEVERS, 2, seen, known[:, None], unseen, truth[:, None])
        return emulator.predict(unseen)[:, 0]
    if name == "process":
        kernel = ConstantKernel(1.0) * RBF(np.full(LEVERS + 1, 2.0), (0.3, 50.0)) + WhiteKernel(0.01)
        fit = GaussianProcessRegressor(kernel, normalize_y=True, random_state=0).fit(seen, known)
    else:
        fit = HistGradientBoostingRegressor(
            random_state=0, max_iter=200, learning_rate=0.07, min_samples_leaf=8
        ).fit(seen, known)
    found: FloatArray = np.asarray(fit.predict(unseen), np.float64)
    return found


if __name__ == "__main__":
    main()
