"""A posterior: equal-weight draws of the parameters that a calibration learnt from the observed years.

A folder holds ``posterior.csv``, one draw a row and one parameter a column, and
``posterior.yaml``, which says what the draws rest on. Parameters that no series can see
are not in it: they stay at their priors.
"""

from __future__ import annotations

import functools
import hashlib
import operator
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...engine import luck
from ...engine.errors import InputError, nearest
from ..choosing.schema import Parameter
from ..places import POSTERIOR_FOLDER
from ..reading.csv_tables import Column, Table, read_table
from ..reading.refusals import raise_all, refuse
from ..reading.yaml_with_places import read_yaml
from .parameter_draws import override_problem

__all__ = ["FEWEST_DRAWS", "POSTERIORS", "Posterior", "PosteriorHead", "posterior_folder", "read_posterior"]

POSTERIORS: Final = POSTERIOR_FOLDER
"""Folder of the posteriors that come with the package, one folder a province."""

DRAWS_FILE: Final = "posterior.csv"
HEAD_FILE: Final = "posterior.yaml"
WORLD_FILE: Final = "world.csv"
"""Hash of every lever and prior with which it was fitted: so that one that came later outdates nothing."""

FEWEST_DRAWS: Final = 100
"""Fewest draws, and smallest effective sample size, with which a posterior may be used."""

_PICK = luck.mechanism("draw of the posterior")


class PosteriorHead(BaseModel):
    """What a posterior rests on, file ``posterior.yaml``.

    Attributes
    ----------
    province : str
        Name of the pack.
    method : str
        In words.
    draws : int
        Rows of ``posterior.csv``.
    effective_sample_size : float
        How many independent draws they are worth.
    runs : int
        Simulations that were made.
    scale : float
    seed : int
    observed_until : int
        Last year that was fitted.
    rules, world, data, observed : str
        Hashes of the rules, of priors and levers up to that year, of the pack, of the observed table.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    province: str
    method: str
    draws: int = Field(ge=FEWEST_DRAWS)
    effective_sample_size: float = Field(ge=FEWEST_DRAWS)
    runs: int = Field(ge=1)
    scale: float = Field(gt=0.0, le=1.0)
    seed: int = Field(ge=0)
    observed_until: int
    rules: str
    world: str
    data: str
    observed: str


class Posterior:
    """Draws of a calibration; treat the array as read-only.

    Attributes
    ----------
    names : tuple of str
        Parameters.
    values : ndarray of float64 of shape (draws, parameters)
        Each in its parameter's unit.
    head : PosteriorHead
        What they rest on.
    world : mapping of str to str
        Hash of each lever, prior and other entry of the world that was fitted, by name; empty if a
        posterior of an earlier version does not tell.
    hash : str
        Content hash of the draws.
    """

    def __init__(
        self,
        names: tuple[str, ...],
        values: npt.NDArray[np.float64],
        head: PosteriorHead,
        world: Mapping[str, str] | None = None,
    ) -> None:
        self.names, self.values, self.head = names, values, head
        self.world = dict(world or {})
        self._checked: list[Parameter | None] = []
        self.hash = hashlib.sha256("|".join(names).encode() + values.tobytes()).hexdigest()

    def check(self, parameters: Mapping[str, Parameter], file: Path) -> None:
        """Hold the draws against the bounds of some parameters; once for the same ones, not in every run.

        Parameters
        ----------
        parameters : mapping of id to Parameter
        file : Path
            Named in the error.

        Raises
        ------
        InputError
            As :func:`read_posterior` says.
        """
        asked = [parameters.get(name) for name in self.names]
        if len(asked) == len(self._checked) and all(map(operator.is_, asked, self._checked)):
            return
        _check(self, parameters, file)
        self._checked = asked

    def draw(self, seed: int) -> dict[str, float]:
        """Give the draw of one future, each as likely as another.

        Parameters
        ----------
        seed : int
            Seed of the future.
        """
        place = luck.draw_uniform(seed, int(_PICK), luck.key_of("posterior", len(self.values)))
        row = self.values[min(int(place * len(self.values)), len(self.values) - 1)]
        return dict(zip(self.names, row.tolist(), strict=True))

    def medians(self) -> dict[str, float]:
        """Give the median of each parameter."""
        return dict(zip(self.names, np.median(self.values, axis=0).tolist(), strict=True))


def posterior_folder(belief: str, province: str) -> Path | None:
    """Find the folder of a posterior.

    Parameters
    ----------
    belief : str
        ``posterior`` for the one that comes with the package, if there is one;
        ``prior`` for none; or a folder that a calibration wrote.
    province : str
        Name of the pack.

    Returns
    -------
    Path or None
        None where priors are to be drawn.

    Raises
    ------
    InputError
        If ``belief`` is neither word nor a folder with a posterior.
    """
    if belief == "prior":
        return None
    if belief == "posterior":
        folder = POSTERIORS / province
        return folder if (folder / HEAD_FILE).is_file() else None
    folder = Path(belief)
    if not (folder / HEAD_FILE).is_file():
        raise InputError(
            f"{belief!r} is no posterior",
            key="belief",
            allowed=f"posterior, prior, or a folder that holds {HEAD_FILE}",
            suggestion=nearest(belief, ["posterior", "prior"]),
        )
    return folder


def read_posterior(folder: Path, parameters: Mapping[str, Parameter]) -> Posterior:
    """Read and check a posterior (once per process, again if a file changed).

    Parameters
    ----------
    folder : Path
        Of :func:`posterior_folder`.
    parameters : mapping of id to Parameter
        Those of the province, with their priors.

    Raises
    ------
    InputError
        Anything wrong in one of its files: an unknown parameter, a value outside its
        bounds, fewer draws than the head says, an effective sample size under 100.
    """
    files = [folder / DRAWS_FILE, folder / HEAD_FILE]
    for file in files:
        if not file.is_file():
            raise InputError("the file does not exist", key="belief", file=file)
    files += [file for file in [folder / WORLD_FILE] if file.is_file()]
    posterior = _read(folder.resolve(), tuple(file.stat().st_mtime_ns for file in files))
    posterior.check(parameters, folder / DRAWS_FILE)
    return posterior


@functools.lru_cache(maxsize=16)
def _read(folder: Path, stamps: tuple[int, ...]) -> Posterior:
    document = read_yaml(folder / HEAD_FILE)
    fields: dict[str, Any] = document.data
    try:
        head = PosteriorHead.model_validate(fields)
    except ValidationError as error:
        raise_all(refuse(error, PosteriorHead, document.places))
        raise
    file = folder / DRAWS_FILE
    with file.open(encoding="utf-8") as stream:
        names = tuple(stream.readline().strip().split(","))[1:]
    columns = (Column("draw"), *(Column(name, "number") for name in names))
    table = read_table(file, Table("posterior", columns, key=("draw",)))
    if len(table) != head.draws:
        raise InputError(f"the table has {len(table)} draws", file=file, allowed=f"{head.draws}")
    world: dict[str, str] = {}
    if (folder / WORLD_FILE).is_file():
        entries = read_table(
            folder / WORLD_FILE, Table("world", (Column("entry"), Column("hash")), key=("entry",))
        )
        world = dict(zip(entries["entry"], entries["hash"], strict=True))
    return Posterior(names, table[list(names)].to_numpy(np.float64), head, world)


def _check(posterior: Posterior, parameters: Mapping[str, Parameter], file: Path) -> None:
    errors: list[InputError] = []
    for column, name in enumerate(posterior.names):
        if name not in parameters:
            problem = f"no parameter is called {name!r}"
            errors.append(
                InputError(problem, key=name, file=file, line=1, suggestion=nearest(name, parameters))
            )
            continue
        values = posterior.values[:, column]
        for row in (int(values.argmin()), int(values.argmax())):
            found = override_problem((name,), parameters[name], float(values[row]))
            if found is not None:
                errors.append(
                    InputError(found.problem, key=name, file=file, line=row + 2, allowed=found.allowed)
                )
    raise_all(errors)
