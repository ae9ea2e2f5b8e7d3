from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from shaanxi_transfer.agents.goods import TYPES
from shaanxi_transfer.model import INDICATORS


def test_the_technology_part_is_a_share_of_each_type() -> None:
    read = INDICATORS["contract_value_output_technology"].read
    assert read is not None
    shares = {"development": 0.9, "transfer": 1.0, "consulting": 0.5, "service": 0.25}
    value = {"development": 1_000, "transfer": 100, "consulting": 10, "service": 4_000}
    province: Any = SimpleNamespace(
        values={f"technology_share_{name}": share for name, share in shares.items()},
        tally=SimpleNamespace(value_by_type=np.array([value[name] for name in TYPES])),
    )
    assert read(province) == 900.0 + 100.0 + 5.0 + 1_000.0
