"""What is assumed: the schema, the levers traced to the plan, the province packs, the named scenarios."""

from .changed_in_words import changed_in_words
from .choosing.catalogue import (
    lever_catalogue,
    levers,
    list_overlays,
    list_provinces,
    list_scenarios,
    read_levers,
)
from .choosing.dated_paths import PLAN_START
from .choosing.overlays_by_name import list_generated
from .choosing.plan_text import task_text, tasks_of_the_plan
from .choosing.schema import TASKS, Lever, OutsideOptions, Parameter
from .declared_costs import costs_known_by_running_only, declared_costs
from .json_schema import scenario_json_schema, schema_text, write_json_schema
from .loading import base_of, check, comes_with_the_package, holds_parameters, load, refused_in, scenario_file
from .provinces.outside_file import outside_rows
from .provinces.pack import Pack, load_pack
from .provinces.parameter_draws import draw, quantile, read_parameters, shared_parameters
from .reading.refusals import problems_of
from .scenario import Scenario
from .statistics import Statistic, read_statistics
from .template import write_template
from .writing.saving import differences, save

__all__ = [
    "PLAN_START",
    "TASKS",
    "Lever",
    "OutsideOptions",
    "Pack",
    "Parameter",
    "Scenario",
    "Statistic",
    "base_of",
    "changed_in_words",
    "check",
    "comes_with_the_package",
    "costs_known_by_running_only",
    "declared_costs",
    "differences",
    "draw",
    "holds_parameters",
    "lever_catalogue",
    "levers",
    "list_generated",
    "list_overlays",
    "list_provinces",
    "list_scenarios",
    "load",
    "load_pack",
    "outside_rows",
    "problems_of",
    "quantile",
    "read_levers",
    "read_parameters",
    "read_statistics",
    "refused_in",
    "save",
    "scenario_file",
    "scenario_json_schema",
    "schema_text",
    "shared_parameters",
    "task_text",
    "tasks_of_the_plan",
    "write_json_schema",
    "write_template",
]
