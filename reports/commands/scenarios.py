"""The commands around scenario files: ``check``, ``new``, ``explain`` and ``schema``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ...engine.errors import InputError, check_choice
from ..words.of_errors import error_line
from ..words.phrases import Language, check_language, say
from .options import Lang


def check_command(
    file: Annotated[
        str | None,
        typer.Argument(help="A scenario's file or name, a file of parameters, or the folder of a pack."),
    ] = None,
    province: Annotated[
        str | None, typer.Option("--province", help="The pack of a province, instead of a file.")
    ] = None,
    lang: Lang = None,
) -> int:
    """Check a scenario, a file of parameters or a pack; nothing is run.

    Of a scenario that is in order it says how it differs from its base and what it declares to cost;
    of a pack, what is observed, what is missing and what is scaled from another province.
    """
    from ...experiments.planning.door_to_model import at_one_time, loaded
    from ...scenarios import base_of, check, holds_parameters
    from ...scenarios.loading import amounts_of
    from ..tables.scenario_check import scenario_lines

    language = check_language(lang)
    if (file is None) == (province is None):
        raise InputError("what is to be checked?", key="FILE", allowed="one of FILE and --province NAME")
    if file is None or Path(file).is_dir():
        return _check_pack(str(file or province), language)
    problems = check(file)
    for problem in problems:  # one line for each, so that the file is mended once
        print(error_line(problem, language), file=sys.stderr)
    if problems:
        return 2
    scenario = None if holds_parameters(Path(file)) else loaded(file)  # refuses targets as well
    print(say("scenarios.in_order", language, file=file))
    if scenario is not None:
        for read in amounts_of(file) if Path(file).is_file() else ():
            told = {"lever": read.lever, "written": read.written, "yuan": f"{read.yuan:,.0f}"}
            print(say("scenarios.amount_read", language, **told))
        base = base_of(file)
        _, in_forecast = at_one_time((file, base.name), (scenario, base))
        for line in scenario_lines(scenario, base, language, in_forecast=in_forecast):
            print(line)
    return 0


def _check_pack(province: str, language: Language) -> int:
    """Check the pack of a province, given by name or folder, and say what it rests on."""
    from ...scenarios import check, load_pack
    from ...scenarios.provinces.pack import pack_folder
    from ..tables.pack_check import pack_lines, refusal_of_a_run

    folder = pack_folder(province)
    problems = check(folder)
    for problem in problems:
        print(error_line(problem, language), file=sys.stderr)
    if problems:
        return 2
    pack = load_pack(folder)
    refusal = refusal_of_a_run(pack)
    if refusal is not None:
        print(error_line(refusal, language), file=sys.stderr)
        return 2
    print(say("scenarios.in_order", language, file=province))
    for line in pack_lines(pack, language):
        print(line)
    return 0


def new_command(
    file: Annotated[Path, typer.Argument(help="A new file, .yaml or .xlsx; none is overwritten.")],
    base: Annotated[
        str | None,
        typer.Option("--base", help="The scenario on which it lies: action_plan, with --plan no_plan."),
    ] = None,
    plan: Annotated[
        bool,
        typer.Option("--plan", help="Declare a plan of its own: time and targets, to write over."),
    ] = False,
    lang: Lang = None,
) -> int:
    """Write a scenario file to fill in, which names every lever."""
    from ...scenarios import write_template

    language = check_language(lang)
    base = base or ("no_plan" if plan else "action_plan")
    write_template(file, base, language, plan=plan)
    key = "scenarios.plan_written" if plan else "scenarios.template_written"
    print(say(key, language, file=file, base=base))
    return 0


def explain_command(
    lever: Annotated[
        str, typer.Argument(metavar="NAME", help="A lever, a task or a target: name, title or part of it.")
    ],
    scenario: Annotated[
        str, typer.Option("--scenario", help="Whose targets, by name or file; the shipped plan's by default.")
    ] = "",
    lang: Lang = None,
) -> int:
    """Explain a lever, a task or a target: words of the plan, rule, paths, cost, what it counts or moved."""
    from ...experiments.planning.door_to_model import loaded
    from ...scenarios import lever_catalogue
    from ..tables.lever_explained import lever_lines, task_lines
    from ..tables.target_explained import find_explained, target_lines, targets_of

    language = check_language(lang)
    called = scenario or "action_plan"
    world = loaded(called)
    levers, targets = lever_catalogue(), targets_of(world)
    name, is_target = find_explained(lever, targets, these_first=bool(scenario))
    if is_target:
        lines = target_lines(name, targets[name], world, language, called=called)
    else:
        lines = lever_lines(levers[name], language) if name in levers else task_lines(name, language)
    for line in lines:
        print(line)
    return 0


def schema_command(
    file: Annotated[Path | None, typer.Argument(help="A new file; without one it is printed.")] = None,
    of: Annotated[
        str, typer.Option("--of", help="scenario (its file) or results (what --json prints).")
    ] = "scenario",
    lang: Lang = None,
) -> int:
    """Print the JSON Schema of a scenario file, or of what --json prints, for editors and programs."""
    from ...scenarios.json_schema import schema_text
    from ...scenarios.writing.saving import write_text
    from .json_document import document_schema

    check_language(lang)
    text_of = {"scenario": schema_text, "results": document_schema}
    text = text_of[check_choice(of, "--of", tuple(text_of))]()
    if file is None:
        sys.stdout.write(text)
    else:
        print(write_text(file, text, new=True))
    return 0
