"""Each treated unit beside its nearest untreated ones: matched difference in differences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import KDTree

from ...engine.errors import InputError
from .checks import arms, differing, read
from .estimate import Estimate, with_t

__all__ = ["matched_difference", "matched_sets"]

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class _Sets(NamedTuple):
    """Rows that were matched.

    ``partners`` has a row for each of ``treated`` and a column a neighbour; ``peers`` gives for rows of
    controls the nearest other control, else -1; ``covariates`` are standardised.
    """

    treated: Places
    partners: Places
    peers: Places
    covariates: Numbers
    left_out: int


def matched_difference(
    table: pd.DataFrame,
    *,
    before: str,
    after: str,
    treated: str,
    near: Sequence[str],
    exact: Sequence[str] = (),
    neighbours: int = 1,
) -> Estimate:
    """Compare the change of treated units with that of untreated ones like them.

    Parameters
    ----------
    table : DataFrame
        A row a unit.
    before, after : str
        Columns: the outcome, for example ln revenue, before and after the treatment.
    treated : str
        Column, 1 or 0.
    near : sequence of str
        Columns of numbers in which partners are to be close, each in its standard deviations.
    exact : sequence of str
        Columns in which partners are the same: field, city.
    neighbours : int
        Partners of each treated unit; an untreated one may be partner of several.

    Returns
    -------
    Estimate
        Mean effect on the treated, in the unit of the outcome. ``controls`` counts untreated units that are
        partners, ``left_out`` treated ones with fewer than ``neighbours`` + 1 untreated of the same kind.

    Raises
    ------
    InputError
        No covariate, or one that is the same for all; changes that are; fewer than two treated with partners;
        or as in `checks.read`.

    Notes
    -----
    The interval is that of Abadie and Imbens (2006), Econometrica 74(1), 235-267, for the effect on the
    treated; the variance at a partner comes from the nearest other untreated unit. That partners are near and
    not alike is corrected by a regression of the change on the covariates among partners (Abadie and Imbens
    2011, Journal of Business and Economic Statistics 29(1), 1-11). What was not measured is not matched.
    """
    values = read(table, {"before": before, "after": after})
    change = (values["after"] - values["before"]).to_numpy()
    differing(change, "after")
    sets = _match(table, treated, near, exact, neighbours)
    used = np.bincount(sets.partners.ravel(), minlength=len(table)).astype(np.float64)
    partners = np.flatnonzero(used)
    design = np.column_stack([np.ones(len(table)), sets.covariates])
    root = np.sqrt(used[partners])
    slopes = np.linalg.lstsq(design[partners] * root[:, np.newaxis], change[partners] * root)[0]
    beyond = change - design @ slopes  # so that partners stand where their treated unit stands
    gaps = beyond[sets.treated] - beyond[sets.partners].mean(axis=1)
    effect, number = float(gaps.mean()), len(sets.treated)
    often = used[partners] / neighbours
    spread = 0.5 * (beyond[partners] - beyond[sets.peers[partners]]) ** 2
    again = float(((often**2 - often / neighbours) * spread).sum())
    error = math.sqrt(float(((gaps - effect) ** 2).sum()) + again) / number
    return with_t(effect, error, number - 1, number, len(partners), sets.left_out)


def matched_sets(
    table: pd.DataFrame,
    *,
    treated: str,
    near: Sequence[str],
    exact: Sequence[str] = (),
    neighbours: int = 1,
) -> pd.DataFrame:
    """Give the rows of each treated unit and its partners, with the number of their set in ``set``.

    For estimators that take matched units, such as `hazard.hazard_ratio`. Parameters and errors are those of
    `matched_difference`. An untreated unit may be in several sets.
    """
    sets = _match(table, treated, near, exact, neighbours)
    rows = np.column_stack([sets.treated, sets.partners])
    return table.iloc[rows.ravel()].assign(set=np.repeat(np.arange(len(rows)), rows.shape[1]))


def _match(
    table: pd.DataFrame, treated: str, near: Sequence[str], exact: Sequence[str], neighbours: int
) -> _Sets:
    if not near:
        raise InputError("no column is named", key="near", allowed="one or more")
    if neighbours < 1:
        raise InputError(f"it is {neighbours}", key="neighbours", allowed="1 or more")
    numbers = {f"near.{name}": name for name in near}
    rows = read(table, {"treated": treated, **numbers}, {f"exact.{name}": name for name in exact})
    arms(rows["treated"])
    covariates = rows[list(numbers)].to_numpy()
    spread = covariates.std(axis=0)
    if not spread.all():
        raise InputError(
            f"{near[int(spread.argmin())]!r} is the same for all", key="near", allowed="values that differ"
        )
    covariates = (covariates - covariates.mean(axis=0)) / spread
    kinds = rows.groupby([f"exact.{name}" for name in exact]).ngroup() if exact else 0 * rows["treated"]
    peers = np.full(len(rows), -1)
    matched, partners, left_out = [], [], 0
    for _, kind in rows.groupby(kinds):
        ours = kind.index[kind["treated"] == 1.0].to_numpy()
        others = kind.index[kind["treated"] == 0.0].to_numpy()
        if len(others) <= neighbours:
            left_out += len(ours)
            continue
        tree = KDTree(covariates[others])
        found = tree.query(covariates[ours], k=list(range(1, neighbours + 1)))[1]
        matched.append(ours)
        partners.append(others[found])
        two = np.asarray(tree.query(covariates[others], k=2)[1])
        # The nearest is the unit itself, unless another stands on the very same spot.
        other = np.where(two[:, 0] == np.arange(len(others)), two[:, 1], two[:, 0])
        peers[others] = others[other]
    if sum(map(len, matched)) < 2:
        raise InputError(
            f"{left_out} treated units have no {neighbours + 1} untreated of the same"
            f" {', '.join(exact) or 'kind'}",
            key="exact" if exact else "neighbours",
            allowed="two or more treated units with partners",
        )
    return _Sets(np.concatenate(matched), np.concatenate(partners), peers, covariates, left_out)
