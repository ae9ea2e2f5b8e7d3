"""Write a scenario as commented YAML or as a workbook, and tell two apart."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from ...engine.errors import InputError
from ..choosing.adjustments import ADJUSTMENTS
from ..choosing.catalogue import lever_catalogue
from ..reading.workbook import WORKBOOK
from .scenario_like import ScenarioLike
from .workbook import OPTION_NAMES, meaning_of, write_workbook

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LABELS", "differences", "save", "write_text"]

LABELS: Final = ("name", "title_en", "title_zh", "note", "base", "overlays")
"""Fields that say what a scenario is called and made of, and change no run."""


def save(scenario: ScenarioLike, path: Path) -> Path:
    """Write a scenario to a file that `load` reads back equal: ``.xlsx`` a workbook, else YAML.

    The file stands alone: base and overlays are merged in and named in a comment.

    Parameters
    ----------
    scenario : Scenario
        What to write.
    path : Path
        File to write; its folder must exist.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    if path.suffix == WORKBOOK:
        return write_workbook(scenario, path)
    buffer = io.StringIO()
    yaml = YAML(typ="rt")
    yaml.width = 100
    yaml.dump(_commented(scenario), buffer)
    return write_text(path, buffer.getvalue())


def write_text(path: Path, text: str, *, new: bool = False) -> Path:
    """Write a text file; with ``new`` only if there is none yet.

    Raises
    ------
    InputError
        If it cannot be written, or is there already.
    """
    try:
        with path.open("x" if new else "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise InputError("the file is there already", file=path, allowed="the name of a new file") from error
    except OSError as error:
        raise InputError(f"the file cannot be written ({error.strerror})", file=path) from error
    return path


def _commented(scenario: ScenarioLike) -> CommentedMap:
    top = CommentedMap()
    fields = scenario.model_dump(
        exclude={"base", "overlays", "levers", *ADJUSTMENTS, "parameters", "outside"}
    )
    if not fields["targets"]:
        del fields["targets"]  # those of the shipped plan
    for name, value in fields.items():
        top[name] = value
        if name in OPTION_NAMES and name not in LABELS:
            top.yaml_add_eol_comment(meaning_of(name, "en"), name)
    top["levers"] = _commented_levers(scenario)
    for name in ADJUSTMENTS:
        if adjustments := getattr(scenario, name):
            top[name] = CommentedMap(adjustments)
            top.yaml_add_eol_comment(meaning_of(name, "en"), name)
    top["parameters"] = CommentedMap()
    if scenario.parameters:
        table = scenario.parameter_table()
        for name, value in scenario.parameters.items():
            top["parameters"][name] = value
            top["parameters"].yaml_add_eol_comment(f"{table[name].title_en}, {table[name].unit}", name)
    top["outside"] = CommentedMap(scenario.outside.model_dump(exclude_none=True))
    made_of = ", ".join(filter(None, [scenario.base, *scenario.overlays]))
    top.yaml_set_start_comment(
        f"Scenario {scenario.name}, content {scenario.hash[:12]}"
        + (f"; made from {made_of}" if made_of else "")
    )
    return top


def _commented_levers(scenario: ScenarioLike) -> CommentedMap:
    block = CommentedMap()
    catalogue = lever_catalogue()
    for selector, choice in scenario.levers.items():
        lever = catalogue.get(selector)
        block[selector] = CommentedMap(choice) if isinstance(choice, dict) else choice
        if lever is not None and not isinstance(choice, dict):
            block.yaml_add_eol_comment(
                f"{lever.title_en}, {lever.unit}, {lever.low:g} to {lever.high:g}; plan {lever.plan:g}",
                selector,
            )
    return block


def differences(this: ScenarioLike, other: ScenarioLike) -> pd.DataFrame:
    """List every difference between two scenarios.

    Returns
    -------
    pandas.DataFrame
        Names, titles and notes are left out. Columns ``what`` (field, lever, parameter), ``name``, ``unit``,
        ``from_quarter``, ``to_quarter`` (levers only), ``this``, ``other``: one row
        per difference; a lever has one row per stretch of quarters in which both
        values stay what they are. Equal scenarios give no row.
    """
    import pandas as pd

    columns = ["what", "name", "unit", "from_quarter", "to_quarter", "this", "other"]
    rows = [*_field_rows(this, other), *_lever_rows(this, other), *_parameter_rows(this, other)]
    return pd.DataFrame(rows, columns=columns)


def _field_rows(this: ScenarioLike, other: ScenarioLike) -> list[list[Any]]:
    leave_out = {*LABELS, *ADJUSTMENTS, "levers", "parameters"}
    mine, theirs = this.model_dump(exclude=leave_out), other.model_dump(exclude=leave_out)
    return [
        ["field", name, "", "", "", mine[name], theirs[name]] for name in mine if mine[name] != theirs[name]
    ]


def _lever_rows(this: ScenarioLike, other: ScenarioLike) -> list[list[Any]]:
    rows: list[list[Any]] = []
    my_paths, their_paths = this.quarterly_lever_paths(), other.quarterly_lever_paths()
    shared = sorted(set(this.quarters) & set(other.quarters))
    for name, lever in lever_catalogue().items():
        mine = dict(zip(this.quarters, my_paths[name].tolist(), strict=True))
        theirs = dict(zip(other.quarters, their_paths[name].tolist(), strict=True))
        last: tuple[float, float] | None = None
        for quarter in shared:
            pair = (mine[quarter], theirs[quarter])
            if pair[0] == pair[1]:
                last = None
            elif pair == last:
                rows[-1][4] = str(quarter)
            else:
                rows.append(["lever", name, lever.unit, str(quarter), str(quarter), *pair])
                last = pair
    return rows


def _parameter_rows(this: ScenarioLike, other: ScenarioLike) -> list[list[Any]]:
    mine, theirs = this.parameter_table(), other.parameter_table()
    rows: list[list[Any]] = []
    for name in dict.fromkeys([*mine, *theirs]):
        pair = [mine.get(name), theirs.get(name)]
        if pair[0] != pair[1]:
            unit = next(parameter.unit for parameter in pair if parameter is not None)
            shown = [
                None if one is None else one.value if one.distribution == "fixed" else _spread(one)
                for one in pair
            ]
            rows.append(["parameter", name, unit, "", "", *shown])
    return rows


def _spread(parameter: Any) -> str:
    return f"{parameter.value:g} ({parameter.low:g} to {parameter.high:g}, {parameter.distribution})"
