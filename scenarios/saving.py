"""Write a scenario as commented YAML, tell two apart, and export the schema for editors."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from ..engine.errors import InputError
from .catalogue import lever_catalogue
from .refusals import Places
from .schema import TASKS
from .world import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["differences", "save", "scenario_json_schema", "write_json_schema"]

_COMMENTS = {
    "province": "a pack of the package, or the folder of one",
    "start": "first quarter",
    "end": "last quarter",
    "plan_start": "nothing differs before it; levers' own dates move with it",
    "steps_per_year": "4 or 12",
    "draw_parameters": "false: central values",
    "draw_outside": "false: central outside paths",
}


def save(scenario: World, path: Path) -> Path:
    """Write a scenario to a YAML file that `load` reads back equal.

    The file stands alone: base and overlays are merged in and named in a comment.

    Parameters
    ----------
    scenario : World
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
    buffer = io.StringIO()
    yaml = YAML(typ="rt")
    yaml.width = 100
    yaml.dump(_commented(scenario), buffer)
    try:
        path.write_text(buffer.getvalue(), encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"the file cannot be written ({error.strerror})", file=path) from error
    return path


def _commented(scenario: World) -> CommentedMap:
    top = CommentedMap()
    fields = scenario.model_dump(exclude={"base", "overlays", "levers", "parameters", "outside"})
    for name, value in fields.items():
        top[name] = value
        if name in _COMMENTS:
            top.yaml_add_eol_comment(_COMMENTS[name], name)
    top["levers"] = _commented_levers(scenario)
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


def _commented_levers(scenario: World) -> CommentedMap:
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


def differences(this: World, other: World) -> pd.DataFrame:
    """List every difference between two scenarios.

    Returns
    -------
    pandas.DataFrame
        Columns ``what`` (field, lever, parameter), ``name``, ``unit``,
        ``from_quarter``, ``to_quarter`` (levers only), ``this``, ``other``: one row
        per difference; a lever has one row per stretch of quarters in which both
        values stay what they are. Equal scenarios give no row.
    """
    import pandas as pd

    columns = ["what", "name", "unit", "from_quarter", "to_quarter", "this", "other"]
    rows = [*_field_rows(this, other), *_lever_rows(this, other), *_parameter_rows(this, other)]
    return pd.DataFrame(rows, columns=columns)


def _field_rows(this: World, other: World) -> list[list[Any]]:
    leave_out = {"base", "overlays", "levers", "parameters"}
    mine, theirs = this.model_dump(exclude=leave_out), other.model_dump(exclude=leave_out)
    return [
        ["field", name, "", "", "", mine[name], theirs[name]] for name in mine if mine[name] != theirs[name]
    ]


def _lever_rows(this: World, other: World) -> list[list[Any]]:
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


def _parameter_rows(this: World, other: World) -> list[list[Any]]:
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


def scenario_json_schema() -> dict[str, Any]:
    """Give the JSON Schema of a scenario file, with every lever and task named, for editors.

    The schema checks form; bounds and dates are checked when the file is loaded.
    """
    schema = World.model_json_schema() | {"title": "Scenario"}
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    choice = schema["properties"]["levers"].pop("additionalProperties")
    several = {"enum": ["plan", "no_plan"]}
    properties: dict[str, Any] = {"all": {"enum": ["plan", "no_plan", "zero"]}}
    properties |= {task: several for task in TASKS}
    properties |= {
        name: {**choice, "description": f"{lever.title_en} ({lever.unit}, {lever.low:g} to {lever.high:g})"}
        for name, lever in lever_catalogue().items()
    }
    schema["properties"]["levers"] |= {"properties": properties, "additionalProperties": False}
    # A file may leave its name to its file name, and its titles to its name.
    del schema["required"]
    return schema


def write_json_schema(path: Path) -> Path:
    """Write the JSON Schema of a scenario file."""
    try:
        path.write_text(
            json.dumps(scenario_json_schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    except OSError as error:
        raise Places(str(path)).error((), f"the file cannot be written ({error.strerror})") from error
    return path
