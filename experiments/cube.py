"""All runs of an experiment as a labelled cube of scenario, future and quarter, for each indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..engine.errors import InputError
from .axes import Axes
from .definitions import Definitions
from .store import PREDICTIVE, Store

if TYPE_CHECKING:
    import xarray


def dataset_of(store: Store, definitions: Definitions, kind: str = PREDICTIVE) -> xarray.Dataset:
    """Read all runs into an xarray dataset.

    Parameters
    ----------
    store : Store
        A finished experiment.
    definitions : Definitions
        Units and kinds of the indicators.
    kind : str
        ``predictive``, from which the tables are made, or ``runs``.

    Returns
    -------
    xarray.Dataset
        One float64 variable for each indicator, with dimensions ``scenario``, ``future``, ``quarter``
        (labels such as ``2018-Q2``) and attributes ``units`` and ``kind``; NaN where a run failed.
        Coordinates ``seed`` along futures, ``year`` and ``quarter_of_year`` along quarters. All of it
        is in memory: 8 bytes for each number.

    Raises
    ------
    InputError
        If xarray is not installed, a part is damaged, or nothing is stored.
    """
    try:
        import xarray
    except ImportError as error:
        raise InputError(
            "xarray is not installed",
            key="form",
            allowed="with the extra: pip install 'shaanxi-transfer[cube]'",
        ) from error
    axes = Axes(store, kind)
    if not axes.futures:
        raise InputError(f"{str(store.folder)!r} holds no run", key="folder", allowed="a finished experiment")
    cube = np.full((len(axes.indicators), *axes.shape), np.nan)
    for frame in store.frames(kind):
        cube[axes.places(frame)] = frame["value"].to_numpy(np.float64)
    dimensions = ("scenario", "future", "quarter")
    variables: dict[str, Any] = {}
    for values, name in zip(cube, axes.indicators, strict=True):
        of = definitions.of(name)
        variables[name] = (dimensions, values, {"units": of.unit, "kind": of.kind})
    return xarray.Dataset(variables, coords=axes.coordinates())
