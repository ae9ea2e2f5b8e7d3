"""The JSON Schema of a scenario file, for editors that complete and check while one writes.

The command ``schema`` prints it; `SCHEMA_FILE` holds what it printed last.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .choosing.adjustments import ADJUSTMENTS, LARGEST_SHARE, LONGEST_DELAY, adjustment_selectors
from .choosing.catalogue import lever_catalogue
from .choosing.lever_choices import KEEP
from .choosing.schema import TASKS
from .scenario import Scenario
from .writing.saving import write_text

__all__ = ["scenario_json_schema", "schema_text", "write_json_schema"]


def scenario_json_schema() -> dict[str, Any]:
    """Give the JSON Schema of a scenario file, with every lever and task named, for editors.

    The schema checks form; bounds and dates are checked when the file is loaded.
    """
    schema = Scenario.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    choice = schema["properties"]["levers"].pop("additionalProperties")
    several = {"enum": ["plan", "no_plan", KEEP]}
    properties: dict[str, Any] = {"all": {"enum": ["plan", "no_plan", KEEP, "zero"]}}
    properties |= {task: several for task in TASKS}
    properties |= {
        name: {**choice, "description": f"{lever.title_en} ({lever.unit}, {lever.low:g} to {lever.high:g})"}
        for name, lever in lever_catalogue().items()
    }
    schema["properties"]["levers"] |= {"properties": properties, "additionalProperties": False}
    for field, kind in zip(ADJUSTMENTS, ("integer", "number"), strict=True):
        one = {"type": kind, "minimum": 0, "maximum": LONGEST_DELAY if kind == "integer" else LARGEST_SHARE}
        named = {"type": "object", "properties": dict.fromkeys(adjustment_selectors(), one)}
        schema["properties"][field]["anyOf"] = [one, named | {"additionalProperties": False}]
    # A file may leave its name to its file name, and its titles to its name.
    del schema["required"]
    return schema


def schema_text() -> str:
    """Write the schema as it stands in its file."""
    return json.dumps(scenario_json_schema(), indent=2, ensure_ascii=False) + "\n"


def write_json_schema(path: Path, *, new: bool = False) -> Path:
    """Write the JSON Schema of a scenario file; with ``new`` only if there is none yet."""
    return write_text(path, schema_text(), new=new)
