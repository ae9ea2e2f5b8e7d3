"""Parameters with their uncertainty: read them, and draw them one by one.

Each parameter owns one random number, keyed by its name: adding or removing a
parameter changes no other draw, and the same future draws the same parameters
in every scenario.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import NormalDist
from typing import Final

import numpy as np
from pydantic import ValidationError

from ...engine import luck
from ...engine.errors import InputError, nearest
from ..choosing.schema import Parameter
from ..places import SHARED_PARAMETERS_FILE
from ..reading.number_checks import number_problem
from ..reading.refusals import FieldProblem, raise_all, refuse
from ..reading.yaml_with_places import Document, read_yaml

__all__ = [
    "TYPE_SHARES",
    "WHOLES",
    "draw",
    "override_problem",
    "override_problems",
    "parameters_in",
    "probability",
    "quantile",
    "read_parameters",
    "shared_parameters",
    "sums_of_wholes",
]

SHARED_FILE = SHARED_PARAMETERS_FILE

_NORMAL = NormalDist()
_Z95 = _NORMAL.inv_cdf(0.95)
_FARTHEST = 4.0


def read_parameters(path: Path) -> dict[str, Parameter]:
    """Read a file of parameters, a mapping of id to fields.

    Parameters
    ----------
    path : Path
        ``parameters.yaml`` of the model or of a province pack.

    Returns
    -------
    dict of str to Parameter
        In the order of the file.

    Raises
    ------
    InputError
        With file, line and column of every problem.
    """
    document = read_yaml(path)
    return parameters_in(document)


def parameters_in(document: Document) -> dict[str, Parameter]:
    """Make parameters out of a document; see `read_parameters`."""
    errors: list[InputError] = []
    parameters: dict[str, Parameter] = {}
    for name, fields in document.data.items():
        if not isinstance(fields, dict):
            errors.append(
                document.places.error((name,), "is not a set of fields", allowed="entries `key: value`")
            )
            continue
        if "id" in fields:
            errors.append(
                document.places.error((name, "id"), "the id stands as the key already", at_key=True)
            )
            continue
        try:
            parameters[name] = Parameter.model_validate({**fields, "id": name})
        except ValidationError as error:
            errors += refuse(error, Parameter, document.places, (name,))
    raise_all(errors)
    return parameters


@functools.lru_cache(maxsize=8)
def _cached(path: Path, stamp: int) -> dict[str, Parameter]:
    return read_parameters(path)


def shared_parameters(path: Path = SHARED_FILE) -> dict[str, Parameter]:
    """Give the parameters that all provinces share (read once per process)."""
    if not path.exists():
        raise InputError("the file does not exist", file=path)
    return dict(_cached(path, path.stat().st_mtime_ns))


def quantile(parameter: Parameter, u: float) -> float:
    """Give the value below which a share ``u`` of the futures lie.

    Normal tails are cut at four standard deviations, so that one strange future
    does not carry an absurd number.

    Parameters
    ----------
    parameter : Parameter
        With its distribution.
    u : float
        Strictly between 0 and 1.

    Returns
    -------
    float
        In the parameter's unit.

    Examples
    --------
    >>> unsure = Parameter(id="p", title_en="a number", title_zh="数值", value=2.0, low=1.0, high=4.0,
    ...     distribution="lognormal", unit="multiple", kind="assumption", mechanism="test", note="an example")
    >>> [round(quantile(unsure, u), 6) for u in (0.05, 0.5, 0.95)]
    [1.0, 2.0, 4.0]
    """
    value, low, high = parameter.value, parameter.low, parameter.high
    if parameter.distribution == "fixed" or low is None or high is None:
        return value
    if parameter.distribution == "uniform":
        return low + u * (high - low)
    if parameter.distribution == "triangular":
        return _triangular(low, value, high, u)
    z = min(max(_NORMAL.inv_cdf(u), -_FARTHEST), _FARTHEST)
    if parameter.distribution == "normal":
        return _two_sided(value, low, high, z)
    if parameter.distribution == "lognormal":
        return math.exp(_two_sided(math.log(value), math.log(low), math.log(high), z))
    return 1.0 / (1.0 + math.exp(-_two_sided(_logit(value), _logit(low), _logit(high), z)))


def probability(parameter: Parameter, value: float) -> float:
    """Give the share of the futures below a value: the inverse of `quantile`.

    Parameters
    ----------
    parameter : Parameter
        With its distribution, which is not fixed.
    value : float
        Within its bounds.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> unsure = Parameter(id="p", title_en="a number", title_zh="数值", value=2.0, low=1.0, high=5.0,
    ...     distribution="uniform", unit="multiple", kind="assumption", mechanism="test", note="an example")
    >>> round(probability(unsure, quantile(unsure, 0.3)), 9)
    0.3
    """
    middle, low, high = parameter.value, parameter.low, parameter.high
    if low is None or high is None or parameter.distribution == "fixed":
        raise ValueError(f"{parameter.id} is fixed")
    if parameter.distribution == "uniform":
        return (value - low) / (high - low)
    if parameter.distribution == "triangular":
        if value < middle:
            return (value - low) ** 2 / ((high - low) * (middle - low))
        return 1.0 - (high - value) ** 2 / ((high - low) * (high - middle))
    turned = _TURNED[parameter.distribution]
    away = turned(value) - turned(middle)
    spread = turned(high) - turned(middle) if away > 0.0 else turned(middle) - turned(low)
    return _NORMAL.cdf(_Z95 * away / spread) if away else 0.5


def draw(parameters: Mapping[str, Parameter], seed: int) -> dict[str, float]:
    """Draw every parameter once for a future.

    Parameters
    ----------
    parameters : mapping of id to Parameter
        What is drawn.
    seed : int
        Seed of the future.

    Returns
    -------
    dict of str to float
        In the order of ``parameters``.
    """
    keys = np.array([luck.key_of("parameter", name) for name in parameters], dtype=np.uint64)
    draws = luck.draw_uniforms(seed, int(luck.mechanism("parameter")), keys).tolist()
    return {
        name: quantile(parameter, u) for (name, parameter), u in zip(parameters.items(), draws, strict=True)
    }


def _two_sided(median: float, low: float, high: float, z: float) -> float:
    """Normal quantile with its own spread on each side of the median."""
    spread = (high - median) if z > 0.0 else (median - low)
    return median + z * spread / _Z95


def _triangular(low: float, mode: float, high: float, u: float) -> float:
    turn = (mode - low) / (high - low)
    if u < turn:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


def _logit(fraction: float) -> float:
    return math.log(fraction / (1.0 - fraction))


def override_problem(where: tuple[str, ...], parameter: Parameter, value: float) -> FieldProblem | None:
    """Tell what is wrong with holding a parameter at a number, or give None.

    Hard bounds are kept; a normal one may be held within four standard deviations. The
    value at which a mechanism is off is allowed wherever it lies.
    """
    low = high = None
    if parameter.off is not None and value == parameter.off:
        return number_problem(where, value, parameter.unit)
    if parameter.distribution in ("normal", "lognormal", "logitnormal"):
        low, high = quantile(parameter, 1e-9), quantile(parameter, 1.0 - 1e-9)
    elif parameter.low is not None and parameter.high is not None and parameter.low < parameter.high:
        low, high = parameter.low, parameter.high
    return number_problem(where, value, parameter.unit, low, high)


def override_problems(stated: Mapping[str, float], known: Mapping[str, Parameter]) -> Iterator[FieldProblem]:
    """Find what is wrong with the parameters that a scenario holds at numbers."""
    for name, value in stated.items():
        where = ("parameters", name)
        if name not in known:
            problem = f"no parameter is called {name!r}"
            yield FieldProblem(where, problem, "an id of parameters.yaml", nearest(name, known), at_key=True)
        elif (found := override_problem(where, known[name], value)) is not None:
            yield found


TYPE_SHARES: Final = tuple(
    f"type_share_{name}" for name in ("development", "transfer", "consulting", "service")
)
"""Shares of contracts by type: together they are all contracts."""


FUND_SOURCES: Final = tuple(f"fund_{name}_share" for name in ("central", "city", "state", "private"))
"""Shares of a fund's social capital by source: together they are all of it."""

WHOLES: Final[Mapping[str, tuple[str, ...]]] = {
    "the shares of contract types": TYPE_SHARES,
    "the sources of a fund's social capital": FUND_SOURCES,
}
"""Shares that are a whole, by what they are called."""


def sums_of_wholes(stated: Mapping[str, float]) -> dict[str, float]:
    """Sum the shares of each whole, where what is stated cannot be one.

    Stated are all of them, and the sum is not 1, or some of them, and the sum is above it.

    Examples
    --------
    >>> sums_of_wholes({"type_share_service": 0.9})
    {}
    >>> sums_of_wholes({"fund_state_share": 0.7, "fund_private_share": 0.5})
    {"the sources of a fund's social capital": 1.2}
    """
    sums = {}
    for called, names in WHOLES.items():
        given = [stated[name] for name in names if name in stated]
        whole = round(math.fsum(given), 6)
        if whole > 1.0 or (len(given) == len(names) and whole != 1.0):
            sums[called] = whole
    return sums


_TURNED: Mapping[str, Callable[[float], float]] = {
    "normal": float,
    "lognormal": math.log,
    "logitnormal": _logit,
}
"""Scale on which a distribution with normal tails is normal."""
