"""Where the data of this room lie."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SCENARIOS: Final = Path(__file__).resolve().parent

LEVER_FOLDER: Final = SCENARIOS / "levers"
NAMED_FOLDER: Final = SCENARIOS / "named"
OVERLAY_FOLDER: Final = SCENARIOS / "overlays"
PACK_FOLDER: Final = SCENARIOS / "packs"
POSTERIOR_FOLDER: Final = SCENARIOS / "posteriors"
SOURCES_FOLDER: Final = SCENARIOS / "sources"

CALENDAR_FILE: Final = SOURCES_FOLDER / "calendar.yaml"
FIELDS_FILE: Final = SCENARIOS / "fields.csv"
PLAN_FILE: Final = SCENARIOS / "plan.yaml"
SCHEMA_FILE: Final = SCENARIOS / "scenario.schema.json"
SHARED_PARAMETERS_FILE: Final = SCENARIOS / "parameters.yaml"
STATISTICS_FILE: Final = SCENARIOS / "statistics.yaml"
TASKS_FILE: Final = SCENARIOS / "tasks.yaml"
