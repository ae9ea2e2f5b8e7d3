from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shaanxi_transfer import Ecosystem, forecast, run
from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.engine.seed_and_scale import check_scale, check_seed

DOORS: dict[str, Any] = {
    "run": run,
    "Ecosystem": Ecosystem,
    "forecast": lambda scenario, **given: forecast(scenario, runs=1, out="never", **given),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("seed", value) for value in (1.0, "3", None, True, -1, 2**63)),
        *(("scale", value) for value in ("0.05", None, True, float("nan"), 0.001)),
    ],
)
def test_every_door_refuses_alike(door: str, name: str, value: Any) -> None:
    with pytest.raises(InputError) as refused:
        DOORS[door]("no_plan", **{name: value})
    allowed = "a whole number from 0 to 9223372036854775807" if name == "seed" else "a share from 0.01 to 1"
    assert str(refused.value) == f"{name}: {value!r} is not a {name}; allowed {allowed}"


def test_numbers_of_numpy_are_numbers() -> None:
    check_seed(np.int64(3))
    check_seed(0)
    check_scale(np.float32(0.5))
    check_scale(1)
