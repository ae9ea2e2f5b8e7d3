"""R17: functions with known indices, through the whole way: design, runs, store, guard, analysis."""

from __future__ import annotations

import math
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import qmc

from shaanxi_transfer.experiments.sensitivity_analysis.carry_out import carry_out
from shaanxi_transfer.experiments.sensitivity_analysis.finished_analysis import Sensitivity
from shaanxi_transfer.experiments.sensitivity_analysis.methods import LEVELS, METHODS, STEP
from shaanxi_transfer.experiments.sensitivity_analysis.options import SensitivityOptions
from shaanxi_transfer.experiments.sensitivity_analysis.study import make_study

FUNCTIONS = ("ishigami", "sobol_g", "linear")
Array = npt.NDArray[np.float64]


def analysed(
    functions: Any, pack_folder: str, out: Path, function: str, method: str, **more: Any
) -> Sensitivity:
    options: dict[str, Any] = {"points": None, "group_by": "none", "seed": 1, "out": out, "workers": 0} | more
    targets = functions.DEFINITIONS.targets
    if method == "pawn":  # the slow one; that targets are told apart is tested with the others
        targets = {"turnover": targets["turnover"]}
    study = make_study(
        functions.World(function, pack_folder=pack_folder),
        targets,
        SensitivityOptions(
            method=method, over="uncertainties", only=None, seeds=2, rest="central", scale=0.1, **options
        ),
    )
    return carry_out(study, functions.MODEL)


def found(done: Sensitivity, index: str, target: str = "turnover", column: str = "value") -> Array:
    """One index by factor, in the order of their names."""
    rows = done.indices
    mine = rows[(rows["index"] == index) & (rows["target"] == target) & (rows["kind"] != "luck")]
    return mine.sort_values("factor")[column].to_numpy()


def shares_of_variance(function: str, functions: Any) -> tuple[Array, Array]:
    """Published formulas: first-order and total indices (Saltelli et al. 2008, 2010)."""
    if function == "linear":
        parts = np.array(functions.LINEAR) ** 2
        return parts / parts.sum(), parts / parts.sum()
    if function == "sobol_g":
        parts = 1.0 / 3.0 / (1.0 + np.array(functions.SOBOL_G)) ** 2
        whole = np.prod(1.0 + parts) - 1.0
        return parts / whole, parts * np.prod(1.0 + parts) / (1.0 + parts) / whole
    a, b, pi = 7.0, 0.1, math.pi
    once = 0.5 * (1.0 + b * pi**4 / 5.0) ** 2
    second, both = a**2 / 8.0, b**2 * pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    every = once + second + both
    return np.array([once, second, 0.0]) / every, np.array([once + both, second, both]) / every


@pytest.mark.battery("R17", "published shares of the variance, by Sobol")
@pytest.mark.parametrize("function", FUNCTIONS)
def test_sobol_finds_the_published_shares(
    functions: Any, pack_folder: str, tmp_path: Path, function: str, soak: bool, tell: Any
) -> None:
    size, allowed = (4096, 0.02) if soak else (128 if function == "sobol_g" else 256, 0.10)
    done = analysed(functions, pack_folder, tmp_path / "out", function, "sobol", points=size)
    first, total = shares_of_variance(function, functions)
    for target in ("turnover", "platforms"):  # a flow and a stock hold the same function
        assert found(done, "S1", target) == pytest.approx(first, abs=allowed)
        assert found(done, "ST", target) == pytest.approx(total, abs=allowed)
    inside = (found(done, "S1", column="low") - 1e-9 <= first) & (
        first <= found(done, "S1", column="high") + 1e-9
    )
    assert inside.mean() >= 0.6, "95 % intervals hold what they should"
    worst = np.abs(found(done, "S1") - first).max()
    tell(len(first), f"{function}, N = {size}: largest error of S1 {worst:.4f}, allowed {allowed}")


def effects_on_the_grid(function: str, functions: Any) -> Array:
    """Mean absolute elementary effect over every step that the grid of Morris allows: no sampling."""
    number, low, high = functions.RANGES[function]
    grid = low + (high - low) * np.linspace(0.05, 0.95, LEVELS)
    points = np.array(list(product(grid, repeat=number)))
    values = functions.FUNCTIONS[function](points).reshape((LEVELS,) * number)
    half = LEVELS // 2
    return np.array(
        [
            np.abs(values.take(range(half, LEVELS), axis) - values.take(range(half), axis)).mean() / STEP
            for axis in range(number)
        ]
    )


@pytest.mark.battery("R17", "effects over the whole grid, by Morris")
@pytest.mark.parametrize(("function", "size"), [("ishigami", 200), ("sobol_g", 60), ("linear", 10)])
def test_morris_finds_the_effects_of_the_grid(
    functions: Any, pack_folder: str, tmp_path: Path, function: str, size: int, soak: bool, tell: Any
) -> None:
    size = 10 * size if soak else size
    done = analysed(functions, pack_folder, tmp_path / "out", function, "morris", points=size)
    exact = effects_on_the_grid(function, functions)
    assert found(done, "mu_star") == pytest.approx(exact, abs=0.12 * exact.max())
    if function == "linear":
        assert found(done, "mu_star") == pytest.approx(0.9 * np.array(functions.LINEAR), abs=1e-9)
        assert found(done, "sigma") == pytest.approx(0.0, abs=1e-9)
    half = found(done, "mu_star", column="high") - found(done, "mu_star")
    # Four standard errors: the errors of all factors of a product rise and fall together.
    assert (np.abs(found(done, "mu_star") - exact) <= 2.1 * half + 1e-9).all()
    worst = np.abs(found(done, "mu_star") - exact).max() / exact.max()
    tell(len(exact), f"{function}, {size} trajectories: largest error {worst:.4f} of the largest effect")


def distances_between_distributions(function: str, functions: Any, slices: int = 10) -> Array:
    """Median over slices of the distance of the slice's distribution to the whole, from 2**17 points."""
    number, low, high = functions.RANGES[function]
    shares = qmc.Sobol(number, seed=5).random_base2(17)
    values = functions.FUNCTIONS[function](low + (high - low) * shares)
    whole = np.sort(values)
    medians = []
    for factor in range(number):
        place = np.minimum((shares[:, factor] * slices).astype(int), slices - 1)
        distances = []
        for one in range(slices):
            part = np.sort(values[place == one])
            below = np.searchsorted(part, whole, side="right") / len(part)
            distances.append(np.abs(below - np.arange(1, len(whole) + 1) / len(whole)).max())
        medians.append(np.median(distances))
    return np.array(medians)


@pytest.mark.battery("R17", "distances between distributions, by PAWN")
@pytest.mark.parametrize(
    "function", ["ishigami", *(pytest.param(name, marks=pytest.mark.soak) for name in ("sobol_g", "linear"))]
)
def test_pawn_finds_the_distances(
    functions: Any, pack_folder: str, tmp_path: Path, function: str, soak: bool, tell: Any
) -> None:
    size, allowed = (4096, 0.03) if soak else (200, 0.1)
    done = analysed(functions, pack_folder, tmp_path / "out", function, "pawn", points=size)
    exact = distances_between_distributions(function, functions)
    rows = done.indices
    floor = rows[(rows["kind"] == "luck") & (rows["index"] == "pawn_median")]["value"].iloc[0]
    # What a factor gets that does nothing lies on top of a small distance, and vanishes in a large one.
    assert (found(done, "pawn_median") >= exact - allowed).all()
    assert (found(done, "pawn_median") <= exact + floor + allowed).all()
    large = exact > 2.0 * floor
    assert found(done, "pawn_median")[large] == pytest.approx(exact[large], abs=allowed)
    assert large.any()
    worst = np.abs(found(done, "pawn_median")[large] - exact[large]).max()
    tell(len(exact), f"{function}, {size} points: largest error {worst:.4f}, allowed {allowed}")


def test_groups_share_the_variance_of_their_members(functions: Any, pack_folder: str, tmp_path: Path) -> None:
    done = analysed(
        functions, pack_folder, tmp_path / "out", "ishigami", "sobol", points=256, group_by="mechanism"
    )
    first, _ = shares_of_variance("ishigami", functions)
    assert sorted(set(done.indices["factor"]) - {"", "luck"}) == ["even", "odd"]
    _, total = shares_of_variance("ishigami", functions)
    assert found(done, "S1") == pytest.approx([first[0] + total[2], first[1]], abs=0.1)
    assert done.indices["points"].iloc[0] == 256 * 4


def test_morris_with_groups_moves_each_group_once(functions: Any, pack_folder: str, tmp_path: Path) -> None:
    done = analysed(
        functions, pack_folder, tmp_path / "out", "linear", "morris", points=300, group_by="mechanism"
    )
    a, b, c, d = 0.9 * np.array(functions.LINEAR)
    # Two members move either way: the mean of |±a ±c| is the larger of the two.
    assert found(done, "mu_star") == pytest.approx([max(a, c), max(b, d)], rel=0.1)
    assert set(done.indices["index"]) == {"mu_star", "share_of_variance", "constant"}


def test_intervals_shrink_as_the_design_grows(functions: Any, pack_folder: str, tmp_path: Path) -> None:
    done = analysed(functions, pack_folder, tmp_path / "out", "ishigami", "sobol", points=256)
    rows = done.convergence
    x1 = rows[(rows["factor"] == "x1") & (rows["index"] == "S1") & (rows["target"] == "turnover")]
    assert x1["size"].tolist() == METHODS["sobol"].sizes(256) == [16, 32, 64, 128, 256]
    assert x1["points"].tolist() == [5 * size for size in x1["size"]]
    widths = (x1["high"] - x1["low"]).to_numpy()
    assert widths[-1] < 0.5 * widths[0]
    last = rows[rows["size"] == 256].reset_index(drop=True)
    assert len(last) and last.equals(done.indices[done.indices["kind"] != "constant"].reset_index(drop=True))


def test_what_never_changes_is_said_to_be_constant(functions: Any, pack_folder: str, tmp_path: Path) -> None:
    done = analysed(functions, pack_folder, tmp_path / "out", "linear", "sobol", points=16)
    still = done.indices[done.indices["target"] == "still"]
    assert still[["index", "kind", "value", "unit"]].values.tolist() == [
        ["constant", "constant", 7.0, "people"]
    ]
