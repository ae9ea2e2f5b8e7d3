"""A scenario as a researcher handles it: change it, compare it, save it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from ..engine.errors import InputError, nearest
from .catalogue import canonical_selector, lever_catalogue
from .choices import merged
from .refusals import Places, raise_all, refuse
from .saving import differences, save
from .schema import TASKS
from .world import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Scenario", "validated"]


class Scenario(World):
    """A world to run, with the verbs of a researcher; its fields are those of `World`.

    Examples
    --------
    >>> from shaanxi_transfer.scenarios import load
    >>> half = load("action_plan").set(fund_size=7.5e9, name="half")
    >>> half.diff(load("action_plan"))["name"].unique().tolist()
    ['fund_size']
    """

    def set(self, **changes: Any) -> Scenario:
        """Give a changed copy.

        Parameters
        ----------
        **changes
            Levers (``fund_size=5e9``, ``voucher_budget={"2019-Q1": 2e7}``), tasks
            (``task_21="no_plan"``, ``organisation_1="keep"``), ``all``, parameters by id,
            or fields of the scenario (``delay_quarters=8``, ``scaled={"money": 0.5}``).
            Levers, adjustments, parameters and outside are laid over what is there.
            Unless ``name`` is given, a copy that differs is called by the old name and
            the first six digits of its hash, so that tables keep the two apart.

        Raises
        ------
        InputError
            For an unknown name, with the nearest spelling, or a refused value.
        """
        upper: dict[str, Any] = {"levers": {}, "parameters": {}}
        parameters = None
        for name, value in changes.items():
            if name in ("levers", "parameters"):
                upper[name] |= value
                continue
            if name in type(self).model_fields:
                upper[name] = value.model_dump(exclude_unset=True) if isinstance(value, BaseModel) else value
                continue
            if name == "all" or name in lever_catalogue() or _is_selector(name):
                upper["levers"][name] = value
                continue
            parameters = parameters if parameters is not None else self.parameters_before_overrides()
            if name not in parameters:
                names = [*lever_catalogue(), "all", *TASKS, *parameters, *type(self).model_fields]
                raise InputError(
                    f"no lever, parameter or field is called {name!r}",
                    key=name,
                    allowed=f"levers {', '.join(lever_catalogue())}; task_NN; ids of parameters.yaml; "
                    f"fields {', '.join(type(self).model_fields)}",
                    suggestion=nearest(name, names),
                )
            upper["parameters"][name] = value
        copy = validated(merged(self.model_dump(), upper), Places())
        if "name" in changes or copy.hash == self.hash:
            return copy
        stem = self.name.split("~")[0]
        return copy.model_copy(update={"name": f"{stem}~{copy.hash[:6]}"})

    def diff(self, other: Scenario) -> pd.DataFrame:
        """List the differences to another scenario that can change a run; see `saving.differences`."""
        return differences(self, other)

    def save(self, path: str | Path) -> Path:
        """Write a YAML file, or a workbook (``.xlsx``), that `load` reads back equal; see `saving.save`."""
        return save(self, Path(path))


def _is_selector(name: str) -> bool:
    try:
        canonical_selector(name)
    except InputError:
        return False
    return True


def validated(fields: dict[str, Any], places: Places) -> Scenario:
    """Make a scenario out of plain entries, or raise every problem with its place."""
    try:
        return Scenario.model_validate(fields)
    except ValidationError as error:
        raise_all(refuse(error, Scenario, places))
        raise
