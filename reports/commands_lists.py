"""The commands that show what there is, and whether a file is in order: ``list``, ``levers``, ``check``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Final

import typer

from .amounts import number
from .listing import FORMATS, print_rows
from .options import check_choice

Rows = tuple[Sequence[str], Iterable[Sequence[object]]]
Form = Annotated[str, typer.Option("--format", help="table or csv.")]

LEVER_TABLE: Final = ("id", "task", "title", "kind", "unit", "no_plan", "plan", "start", "ramp", "remark")
"""Columns for a person; the CSV holds every field of a lever."""


def list_command(
    what: Annotated[str, typer.Argument(help="provinces, scenarios, targets, indicators or parameters.")],
    province: Annotated[str, typer.Option("--province", help="Whose parameters.")] = "shaanxi",
    form: Form = "table",
) -> int:
    """List provinces, scenarios, targets, indicators or parameters."""
    check_choice(form, "--format", FORMATS)
    check_choice(what, "WHAT", LISTS)
    columns, rows = LISTS[what](province)
    print_rows(columns, rows, form)
    return 0


def _provinces(province: str) -> Rows:
    from ..scenarios import list_provinces, load_pack

    packs = [load_pack(name) for name in list_provinces()]
    return ("province", "name"), [(pack.name, pack.name_zh) for pack in packs]


def _scenarios(province: str) -> Rows:
    from ..scenarios import list_scenarios, load

    named = [load(name) for name in list_scenarios()]
    columns = ("scenario", "title", "title_zh", "province", "start", "plan_start", "end")
    return columns, [
        (one.name, one.title_en, one.title_zh, one.province, one.start, one.plan_start, one.end)
        for one in named
    ]


def _targets(province: str) -> Rows:
    from ..model.indicators import INDICATORS
    from ..model.targets import TARGETS

    columns = ("target", "title", "title_zh", "goal", "unit", "year", "how", "modelled", "note")
    rows: list[Sequence[object]] = []
    for name, target in TARGETS.items():
        indicator = INDICATORS.get(target.indicator)
        modelled = _yes(indicator is not None and indicator.modelled)
        facts = (f"{target.goal:.15g}", target.unit, target.year, target.how, modelled, target.note)
        rows.append((name, target.title_en, target.title_zh, *facts))
    return columns, rows


def _yes(modelled: bool) -> str:
    return "yes" if modelled else "not yet"


def _indicators(province: str) -> Rows:
    from ..model.indicators import INDICATORS

    columns = ("indicator", "title", "title_zh", "kind", "unit", "modelled", "definition")
    return columns, [
        (
            name,
            indicator.title_en,
            indicator.title_zh,
            indicator.kind,
            indicator.unit,
            _yes(indicator.modelled),
            indicator.definition,
        )
        for name, indicator in INDICATORS.items()
    ]


def _parameters(province: str) -> Rows:
    from ..experiments.doors import loaded

    columns = (
        "parameter",
        "title",
        "title_zh",
        "value",
        "low",
        "high",
        "unit",
        "distribution",
        "kind",
        "mechanism",
    )
    table = loaded("action_plan", province=province).parameter_table()
    return columns, [
        (
            name,
            parameter.title_en,
            parameter.title_zh,
            f"{parameter.value:g}",
            None if parameter.low is None else f"{parameter.low:g}",
            None if parameter.high is None else f"{parameter.high:g}",
            parameter.unit,
            parameter.distribution,
            parameter.kind,
            parameter.mechanism,
        )
        for name, parameter in table.items()
    ]


LISTS: Final[dict[str, Callable[[str], Rows]]] = {
    "provinces": _provinces,
    "scenarios": _scenarios,
    "targets": _targets,
    "indicators": _indicators,
    "parameters": _parameters,
}


def levers_command(form: Form = "table") -> int:
    """List the levers of the plan: what each was, stays without the plan, and becomes."""
    from ..scenarios import levers

    check_choice(form, "--format", FORMATS)
    table = levers()
    if form == "csv":
        table.to_csv(sys.stdout, index=False, lineterminator="\n")
        return 0

    def shown(value: object) -> object:
        return number(float(value)) if isinstance(value, int | float) else value

    remark = table["change"].map({True: "", False: "no change asked by the plan"})
    titled = table.rename(columns={"title_en": "title"}).assign(remark=remark)[list(LEVER_TABLE)]
    print_rows(
        LEVER_TABLE,
        [[*row[:5], *(shown(cell) for cell in row[5:])] for row in titled.itertuples(index=False)],
        "table",
    )
    return 0


def check_command(
    file: Annotated[
        str, typer.Argument(help="A scenario file, a file of parameters, or the folder of a pack.")
    ],
) -> int:
    """Check a scenario, a file of parameters or a pack; nothing is run."""
    from ..scenarios import check

    problems = check(file)
    for problem in problems:  # one line for each, so that the file is mended once
        print(problem, file=sys.stderr)
    if not problems:
        print(f"{file}: in order")
    return 2 if problems else 0
