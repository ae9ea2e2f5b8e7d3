"""The pack of a province as it would have been in an earlier year: for forecasts that are tried on the past.

Series and observed figures end with that year. What is cut off is in no file that the model reads: it cannot
enter, by whatever way. Cities, zones and named organisations have no date and are those of today.

Parameters that the pack scaled from another province by ratios of the panel, most of them of 2017, the
number of contracts by that of 2017 itself, are scaled again by a panel that ends with the year that is known.
Those that are levels of the last known year move to it (`levels_of_last_year`). What stays are the values in
the province of measurement, some of them found by a fit to years up to 2017, and shared priors.
"""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ...engine.errors import InputError
from ..choosing.schema import Parameter
from .levels_of_last_year import FIRMS, LEVELS, growth_to_last_year
from .own_parameters import province_parameters
from .pack import Pack, load_pack
from .sources_read import Sources

__all__ = ["earlier_parameters", "write_earlier_pack"]

_DATED: Final = ("series", "observed")


@cache
def _sources_until(year: int) -> Sources:
    return Sources(last_year=year)


def earlier_parameters(pack: Pack, year: int) -> dict[str, Parameter]:
    """Give the parameters that belong to a province, as they would have been in an earlier year.

    Parameters
    ----------
    pack : Pack
        Of today. A parameter that differs from what the sources make of it was improved by hand, and stays.
    year : int
        Last year that is known.

    Returns
    -------
    dict of str to Parameter
        By id, as in the pack's ``parameters.yaml``.

    Raises
    ------
    InputError
        If the panel has no such province, or no figure by which something is scaled.
    """
    now, then = (_made(pack.name, until) for until in (pack.manifest.last_year, year))
    found = {
        name: then[name] if name in then and own == now.get(name) else own
        for name, own in pack.parameters.items()
    }
    last = pack.manifest.last_year
    for name in (*LEVELS, FIRMS):
        if name in found:
            found[name] = _scaled(found[name], growth_to_last_year(name, _sources_until(year), last))
    return found


def _made(province: str, year: int) -> dict[str, Parameter]:
    fields: dict[str, dict[str, Any]] = province_parameters(_sources_until(year), province)
    return {name: Parameter.model_validate({**one, "id": name}) for name, one in fields.items()}


def _scaled(parameter: Parameter, factor: float) -> Parameter:
    changed = {
        key: getattr(parameter, key) * factor
        for key in ("value", "low", "high")
        if getattr(parameter, key) is not None
    }
    return parameter.model_copy(update=changed)


def write_earlier_pack(province: str | Path, year: int, folder: Path) -> Path:
    """Write a province's pack as it would have been.

    Parameters
    ----------
    province : str or Path
        A name, or the folder of a pack.
    year : int
        Last year that is known.
    folder : Path
        Where the pack goes; what is there is replaced.

    Returns
    -------
    Path
        The folder, which a scenario takes as its province.

    Raises
    ------
    InputError
        As for `earlier_parameters`, or if the pack ends before the year.
    """
    pack = load_pack(province)
    if year > pack.manifest.last_year:
        raise InputError(
            f"the pack ends with {pack.manifest.last_year}", key="year", allowed="that year or an earlier one"
        )
    parameters = earlier_parameters(pack, year)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in sorted(pack.folder.iterdir()):
        if file.suffix in (".csv", ".yaml"):
            (folder / file.name).write_bytes(file.read_bytes())
    for name in _DATED:
        table = pd.read_csv(pack.folder / f"{name}.csv", dtype=str, keep_default_na=False)
        known = table[table["year"].astype(int) <= year]
        known.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    _write_text(folder / "parameters.yaml", _parameter_lines(parameters))
    head = (pack.folder / "pack.yaml").read_text(encoding="utf-8").splitlines()
    _write_text(
        folder / "pack.yaml",
        [f"last_year: {year}" if line.startswith("last_year:") else line for line in head],
    )
    return folder


def _parameter_lines(parameters: dict[str, Parameter]) -> list[str]:
    lines = []
    for name, parameter in parameters.items():
        fields = parameter.model_dump(exclude={"id"}, exclude_none=True, exclude_defaults=True)
        # Every YAML parser reads a JSON text as the same text.
        cells = (f"  {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items())
        lines += [f"{name}:", *cells]
    return lines


def _write_text(file: Path, lines: list[str]) -> None:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
