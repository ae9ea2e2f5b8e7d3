"""The commands that show what there is: ``list`` and ``levers``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Final

import typer

from ...experiments.planning.checks import check_choice
from ..tables.print_rows import print_rows
from ..words.amounts import number
from ..words.phrases import say
from .options import Form, Lang, check_format, check_language

Rows = tuple[Sequence[str], Iterable[Sequence[object]]]

LIMITS: Final = {
    "no_run": "no year of contracts to run on",
    "no_fit": "too few years to fit",
    "luck": "so few contracts that a year is mostly luck",
}
"""What the data of a province cannot carry, in a few words; `check --province` says more."""

LEVER_TABLE: Final = ("id", "task", "title", "kind", "unit", "no_plan", "plan", "start", "ramp", "remark")
"""Columns for a person; the CSV holds every field of a lever."""


def list_command(
    what: Annotated[
        str, typer.Argument(help="provinces, scenarios, targets, indicators, parameters or rules.")
    ],
    province: Annotated[str, typer.Option("--province", help="Whose parameters.")] = "shaanxi",
    form: Form = "table",
) -> int:
    """List provinces, scenarios, targets, indicators, parameters, or rules that may be replaced."""
    check_format(form)
    check_choice(what, "WHAT", LISTS)
    columns, rows = LISTS[what](province)
    print_rows(columns, rows, form)
    return 0


def _provinces(province: str) -> Rows:
    from ...scenarios import list_provinces, load_pack
    from ...scenarios.provinces.coverage import overview

    columns = (
        "province",
        "name",
        "contracts_from",
        "contracts_to",
        "series",
        "series_whole",
        "parameters_own",
        "parameters_scaled",
        "posterior",
        "remark",
    )
    rows: list[Sequence[object]] = []
    for name in list_provinces():
        one = overview(load_pack(name))
        facts = (one.series, one.series_whole, one.parameters_own, one.parameters_scaled)
        remark = "; ".join(LIMITS[limit] for limit in one.limits)
        posterior = "yes" if one.posterior else "no"
        rows.append((one.name, one.name_zh, one.first_year, one.last_year, *facts, posterior, remark))
    return columns, rows


def _scenarios(province: str) -> Rows:
    from ...scenarios import list_generated, list_overlays, list_scenarios, load

    kinds = {"scenario": list_scenarios(), "overlay": list_overlays(), "generated": list_generated()}
    columns = ("scenario", "title", "title_zh", "kind", "province", "start", "plan_start", "end")
    rows: list[Sequence[object]] = []
    for kind, names in kinds.items():
        for one in map(load, names):
            rows.append(
                (one.name, one.title_en, one.title_zh, kind, one.province, one.start, one.plan_start, one.end)
            )
    return columns, rows


def _targets(province: str) -> Rows:
    from ...model.indicators.every_indicator import INDICATORS
    from ...model.indicators.targets import TARGETS

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
    from ...model.indicators.every_indicator import INDICATORS

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
    from ...experiments.planning.door_to_model import loaded

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


def _rules(province: str) -> Rows:
    from ...model.ecosystem import rules_of_the_quarter

    rows = [
        (one.name, ", ".join(one.arguments), "compiled" if one.compiled else "plain", one.sentence)
        for one in rules_of_the_quarter().values()
    ]
    return ("rule", "arguments", "form", "what it does"), rows


LISTS: Final[dict[str, Callable[[str], Rows]]] = {
    "provinces": _provinces,
    "scenarios": _scenarios,
    "targets": _targets,
    "indicators": _indicators,
    "parameters": _parameters,
    "rules": _rules,
}


def levers_command(
    form: Form = "table",
    lang: Lang = "en",
) -> int:
    """List the levers of the plan: what each was, stays without the plan, and becomes."""
    from ...scenarios import levers

    check_format(form)
    language = check_language(lang)
    table = levers()
    if form == "csv":
        table.to_csv(sys.stdout, index=False, lineterminator="\n")
        return 0

    def shown(value: object) -> object:
        return number(float(value)) if isinstance(value, int | float) else value

    unchanged = say("forecast.no_change_asked", language)
    remark = table["change"].map({True: "", False: unchanged})
    titled = table.rename(columns={f"title_{language}": "title"}).assign(remark=remark)[list(LEVER_TABLE)]
    print_rows(
        LEVER_TABLE,
        [[*row[:5], *(shown(cell) for cell in row[5:])] for row in titled.itertuples(index=False)],
        "table",
    )
    return 0
