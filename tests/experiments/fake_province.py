"""A province of three indicators whose runs can be made to fail, for tests of all that surrounds the model.

Worker processes import it by name: `conftest.py` puts its folder on the path.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.planning.door_to_model import Model
from shaanxi_transfer.experiments.planning.plan_of_runs import future_seed

INDICATORS = ("turnover", "turnover.xian", "platforms", "coverage")


@dataclass(frozen=True)
class Record:
    indicators: tuple[str, ...]
    quarters: tuple[Quarter, ...]
    values: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Indicator:
    unit: str
    kind: Any


@dataclass(frozen=True)
class Target:
    indicator: str
    goal: float
    unit: str
    year: int
    how: Any
    countings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.countings:
            object.__setattr__(self, "countings", {"counted": self.indicator})


@dataclass(frozen=True)
class Pack:
    name: str
    folder: Path


@dataclass(frozen=True)
class World:
    """Stands for a scenario; ``faults`` says which future fails in which way.

    A run takes ``seconds``, and is written down in ``log`` as it begins, if that names a file.
    """

    name: str
    growth: float = 0.0
    faults: tuple[tuple[int, str], ...] = ()
    years: int = 3
    pack_folder: str = ""
    seconds: float = 0.0
    log: str = ""
    province: str = "shaanxi"

    def model_dump(self, mode: str = "python") -> dict[str, Any]:
        return asdict(self)

    @property
    def hash(self) -> str:
        content = {name: value for name, value in self.model_dump().items() if name not in ("seconds", "log")}
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def posterior(self) -> None:
        return None

    def pack(self) -> Pack:
        return Pack("nowhere", Path(self.pack_folder))


def world_of(contents: Mapping[str, Any]) -> World:
    """Give back a world whose contents a manifest keeps."""
    faults = tuple((int(future), str(fault)) for future, fault in contents["faults"])
    return World(**{**contents, "faults": faults})


class PointByPoint(Mapping[str, World]):
    """Design points that are built when they are asked for; nobody may list or count them."""

    def __getitem__(self, name: str) -> World:
        return World(name, growth=float(name.split()[1]) / 100)

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("the names of all design points were listed")

    def __len__(self) -> int:
        raise AssertionError("the design points were counted")


def run(scenario: World, *, seed: int, scale: float = 0.1) -> Record:
    quarters = tuple(Quarter(2018, 1).later(step) for step in range(4 * scenario.years))
    if scenario.log:
        with open(scenario.log, "a", encoding="utf-8") as log:
            log.write(f"{scenario.name} {seed} {os.getppid()}\n")
    if scenario.seconds:
        time.sleep(scenario.seconds)
    for future, fault in scenario.faults:
        if future_seed(1, future) == seed:
            fail(fault)
    luck = np.random.default_rng(seed)
    turnover = 1e9 * (1 + scenario.growth) * luck.lognormal(0.0, 0.2, len(quarters))
    platforms = np.cumsum(luck.poisson(8, len(quarters))).astype(float)
    coverage = luck.uniform(0.8, 1.0, len(quarters))
    values = np.stack([turnover, 0.7 * turnover, platforms, coverage], axis=1)
    if any(fault == "nan" and future_seed(1, future) == seed for future, fault in scenario.faults):
        values[5, 2] = np.nan
    return Record(INDICATORS, quarters, values)


def run_together(scenarios: Sequence[World], *, seed: int, scale: float = 0.1) -> list[Record]:
    return [run(scenario, seed=seed, scale=scale) for scenario in scenarios]


def fail_together(scenarios: Sequence[World], *, seed: int, scale: float = 0.1) -> list[Record]:
    raise ValueError("the shared history ends in tears")


def fail(fault: str) -> None:
    if fault == "exception":
        raise ValueError("no money\nleft")
    if fault == "exit":
        os._exit(9)
    if fault == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if fault == "hang":
        time.sleep(600)
    if fault == "memory":
        hoard()
    if fault.startswith("killed once "):
        marker = Path(fault.removeprefix("killed once "))
        if not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)


def refuse_to_start(*arguments: Any) -> None:
    """What a worker does whose machine lets it start and no more."""
    os._exit(3)


def hoard() -> None:
    """Ask for far more memory than the machine has, a little at a time; none of it is touched."""
    hoarded = [np.empty(2**28, np.uint8) for _ in range(1_000)]
    raise AssertionError(f"{len(hoarded)} quarters of a gigabyte were given")


DEFINITIONS = Definitions(
    indicators={
        "turnover": Indicator("yuan", "flow"),
        "platforms": Indicator("count", "stock"),
        "coverage": Indicator("fraction", "ratio"),
    },
    targets={
        "turnover": Target("turnover", 4.1e9, "yuan", 2020, "flow_of_year"),
        "platforms": Target("platforms", 95.0, "count", 2020, "stock_at_end"),
        "trained_people": Target("trained_people", 1000.0, "people", 2020, "stock_at_end"),
    },
)


def nothing_to_compile() -> None:
    """The fake has no compiled rules."""


MODEL = Model(run, DEFINITIONS, nothing_to_compile)


def threads_allowed(scenario: World, *, seed: int, scale: float = 0.1) -> Record:
    """A record that holds the number of threads this process may use."""
    threads = {
        float(os.environ[name]) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
    }
    return Record(("turnover",), (Quarter(2018, 1),), np.array([[max(threads)]]))


def run_without_a_column(scenario: World, *, seed: int, scale: float = 0.1) -> Record:
    """A record whose values do not fit its names."""
    record = run(scenario, seed=seed, scale=scale)
    return Record(record.indicators, record.quarters, record.values[:, 1:])
