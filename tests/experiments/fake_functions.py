"""Functions whose sensitivity indices are known, dressed up as a province of a few uncertain parameters.

Worker processes import it by name: `conftest.py` puts its folder on the path.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from fake_province import (  # type: ignore[import-not-found]  # found on the path that conftest.py sets
    Indicator,
    Pack,
    Record,
    Target,
    nothing_to_compile,
)

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.planning.door_to_model import Model
from shaanxi_transfer.scenarios.choosing.schema import Parameter

SOBOL_G = (0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0)
LINEAR = (4.0, 2.0, 1.0, 0.0)
RANGES = {"ishigami": (3, -math.pi, math.pi), "sobol_g": (8, 0.0, 1.0), "linear": (4, 0.0, 1.0)}
WORDS: dict[str, Any] = {
    "title_en": "a number",
    "title_zh": "数值",
    "kind": "assumption",
    "note": "of a test function",
}


def ishigami(x: npt.NDArray[np.float64]) -> Any:
    return np.sin(x[..., 0]) + 7.0 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


def sobol_g(x: npt.NDArray[np.float64]) -> Any:
    a = np.array(SOBOL_G)
    return np.prod((np.abs(4.0 * x - 2.0) + a) / (1.0 + a), axis=-1)


def linear(x: npt.NDArray[np.float64]) -> Any:
    return x @ np.array(LINEAR)


FUNCTIONS = {"ishigami": ishigami, "sobol_g": sobol_g, "linear": linear}


@dataclass(frozen=True)
class World:
    """Stands for a scenario: a function, the noise on it, and the parameters that are held."""

    function: str
    name: str = "function"
    noise: float = 0.0
    shared_noise: float = 0.0
    fails_above: float = 2.0
    parameters: Mapping[str, float] = field(default_factory=dict)
    end: str = "2020-Q4"
    pack_folder: str = ""

    def model_dump(self, mode: str = "python") -> dict[str, Any]:
        return asdict(self)

    @property
    def hash(self) -> str:
        return hashlib.sha256(json.dumps(self.model_dump()).encode()).hexdigest()

    def posterior(self) -> None:
        return None

    def pack(self) -> Pack:
        return Pack("nowhere", Path(self.pack_folder))

    def parameter_table(self) -> dict[str, Parameter]:
        number, low, high = RANGES[self.function]
        return {
            f"x{i}": Parameter(
                id=f"x{i}",
                value=(low + high) / 2,
                low=low,
                high=high,
                distribution="uniform",
                unit="ln",
                mechanism="even" if i % 2 == 0 else "odd",
                **WORDS,
            )
            for i in range(number)
        }

    def set(
        self, name: str, parameters: Mapping[str, float] | None = None, draw_parameters: bool = True
    ) -> World:
        return replace(self, name=name, parameters=self.parameters if parameters is None else parameters)


def world_of(contents: Mapping[str, Any]) -> World:
    return World(**contents)


def run(scenario: World, *, seed: int, scale: float = 0.1) -> Record:
    number, low, high = RANGES[scenario.function]
    x = np.array([scenario.parameters.get(f"x{i}", (low + high) / 2) for i in range(number)])
    if (x[0] - low) / (high - low) > scenario.fails_above:
        raise ValueError("beyond what the function knows")
    luck = np.random.default_rng([seed, int(abs(x[0]) * 1e12) if scenario.noise else 0])
    value = float(FUNCTIONS[scenario.function](x)) + scenario.noise * luck.standard_normal()
    value += scenario.shared_noise * np.random.default_rng(seed).standard_normal()
    quarters = tuple(Quarter(2020, 1).later(step) for step in range(4))
    share = np.array([0.1, 0.2, 0.3, 0.4])
    values = np.stack([value * share, np.array([0.0, 0.0, 0.0, value]), np.full(4, 7.0)], axis=1)
    return Record(("turnover", "platforms", "still"), quarters, values)


DEFINITIONS = Definitions(
    indicators={
        "turnover": Indicator("yuan", "flow"),
        "platforms": Indicator("count", "stock"),
        "still": Indicator("people", "stock"),
    },
    targets={
        "turnover": Target("turnover", 1.0, "yuan", 2020, "flow_of_year"),
        "platforms": Target("platforms", 1.0, "count", 2020, "stock_at_end"),
        "still": Target("still", 1.0, "people", 2020, "stock_at_end"),
    },
)
MODEL = Model(run, DEFINITIONS, nothing_to_compile)
