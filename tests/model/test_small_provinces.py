"""The smallest provinces run as well: one region, a handful of firms, hardly a seller in 2017."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from shaanxi_transfer.model.running import run_together
from shaanxi_transfer.scenarios import load


@pytest.mark.parametrize("scale", (0.01, 0.1))
@pytest.mark.parametrize("province", ("xizang", "hainan"))
def test_nothing_is_divided_by_nothing(province: str, scale: float) -> None:
    scenarios = [load(name).set(province=province, belief="prior") for name in ("no_plan", "action_plan")]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        records = run_together(scenarios, seed=3, scale=scale)
    star_sky = [record.values[-1, record.indicators.index("star_sky_platforms")] for record in records]
    # With one region there is no city outside the capital: the plan's platforms open in it all the same.
    assert np.isfinite(records[1].values).all() and star_sky[1] > star_sky[0]
