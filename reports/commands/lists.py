"""The commands that show what there is: ``list`` and ``levers``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Final, NamedTuple

import typer

from ...engine.errors import InputError, check_choice
from ..tables.print_rows import print_rows
from ..words.amounts import amount, unit_words
from ..words.of_scenarios import level, task_words
from ..words.phrases import Language, check_language, note_of, say, word_or
from .options import Form, Lang, check_format

Row = Mapping[str, Any]
"""A record as the CSV has it, by the names of its columns."""

Cell = Callable[[Row, Language], object]

Find = Annotated[
    str | None,
    typer.Option("--find", help="Only what is called so, or like it; Chinese titles too."),
]


class Column(NamedTuple):
    """A column for a person: its heading, and what stands in it; a ``wide`` one has no room on a terminal."""

    heading: str
    cell: Cell
    wide: bool = False


def list_command(
    what: Annotated[
        str, typer.Argument(help="provinces, scenarios, targets, indicators, parameters or rules.")
    ],
    province: Annotated[str, typer.Option("--province", help="Whose parameters.")] = "shaanxi",
    scenario: Annotated[
        str, typer.Option("--scenario", help="Whose targets, by name or file; the shipped plan's by default.")
    ] = "",
    find: Find = None,
    form: Form = "table",
    lang: Lang = None,
) -> int:
    """List provinces, scenarios, targets, indicators, parameters or replaceable rules."""
    check_format(form)
    language = check_language(lang)
    check_choice(what, "WHAT", LISTS)
    if scenario and what != "targets":
        raise InputError(
            "only targets are a scenario's own", key="scenario", allowed="with `list targets` alone"
        )
    rows, columns = LISTS[what]
    _show(list(rows(scenario if what == "targets" else province, language)), columns, find, form, language)
    return 0


def _show(
    rows: Sequence[Row], columns: Sequence[Column], find: str | None, form: str, language: Language
) -> None:
    """Print records, all or those that are found: for a person in words, as CSV as they are."""
    rows = rows if find is None else _found(find, rows)
    if form == "csv":
        print_rows(list(rows[0]), [list(row.values()) for row in rows], form, for_excel=language == "zh")
        return
    name, *rest = columns
    if sys.stdout.isatty():  # names are long: titles stand below them
        rest = [column for column in rest if not column.wide and column.heading != "title"]
        titled = any(column.heading == "title" for column in columns)
        name = Column(name.heading, partial(_titled, name.cell) if titled else name.cell)
    heads = [say(f"lists.{column.heading}", language) for column in (name, *rest)]
    print_rows(heads, [[column.cell(row, language) for column in (name, *rest)] for row in rows], form)


def _titled(name: Cell, row: Row, language: Language) -> str:
    return f"{name(row, language)}\n{_title(row, language)}"


def _found(word: str, rows: Sequence[Row]) -> list[Row]:
    """Keep the records whose name or title is meant by a word."""
    from ...scenarios.reading.search import search

    called = {str(next(iter(row.values()))): row for row in rows}
    titles = ("title", "title_en", "title_zh", "name")
    spellings = {name: [str(row[title]) for title in titles if title in row] for name, row in called.items()}
    found = search(word, spellings)
    if not found.names:
        raise InputError(f"nothing is called {word!r}", key="find", allowed="a part of a name or of a title")
    return [called[name] for name in found.names]


# ---- what stands in the cells -------------------------------------------------------


def _as(name: str) -> Cell:
    return lambda row, language: row[name]


def _title(row: Row, language: Language) -> object:
    return row["title_zh"] if language == "zh" else row.get("title_en", row.get("title"))


def _word(name: str) -> Cell:
    """Give a word of the lists for what the data say in English."""
    return lambda row, language: word_or(f"lists.{row[name]}", language, str(row[name]))


def _unit(row: Row, language: Language) -> object:
    return unit_words(row["unit"], language)


def _source(row: Row, language: Language) -> object:
    return word_or(f"kinds_of_source.{row['kind']}", language, row["kind"])


def _mechanism(row: Row, language: Language) -> object:
    return word_or(f"mechanisms.{row['mechanism']}", language, row["mechanism"])


def _both(first: str, last: str) -> Cell:
    """Give two numbers as a span, nothing where they are not known."""
    return lambda row, language: None if row[first] is None else f"{row[first]}–{row[last]}"


def _either(english: str, chinese: str) -> Cell:
    return lambda row, language: row[chinese if language == "zh" else english]


# ---- the lists ----------------------------------------------------------------------


def _provinces(province: str, language: Language) -> Iterable[Row]:
    from ...scenarios import list_provinces, load_pack
    from ...scenarios.provinces.coverage import overview

    limits = {limit: say(f"lists.limit_{limit}", language) for limit in ("no_run", "no_fit", "luck")}
    for name in list_provinces():
        one = overview(load_pack(name))
        yield {
            "province": one.name,
            "name": one.name_zh,
            "contracts_from": one.first_year,
            "contracts_to": one.last_year,
            "series": one.series,
            "series_whole": one.series_whole,
            "parameters_own": one.parameters_own,
            "parameters_scaled": one.parameters_scaled,
            "posterior": "yes" if one.posterior else "no",
            "remark": say("amounts.semicolon", language).join(limits[limit] for limit in one.limits),
        }


def _scenarios(province: str, language: Language) -> Iterable[Row]:
    from ...scenarios import list_generated, list_overlays, list_scenarios, load

    kinds = {"scenario": list_scenarios(), "overlay": list_overlays(), "generated": list_generated()}
    for kind, names in kinds.items():
        for one in map(load, names):
            yield {
                "scenario": one.name,
                "title": one.title_en,
                "title_zh": one.title_zh,
                "kind": kind,
                "province": one.province,
                "start": one.start,
                "plan_start": one.plan_start,
                "end": one.end,
            }


def _targets(scenario: str, language: Language) -> Iterable[Row]:
    from ...experiments.planning.door_to_model import judged, loaded, model
    from ...model.indicators.every_indicator import INDICATORS

    definitions = model().definitions
    targets: dict[str, Any] = dict(judged(definitions, *([loaded(scenario)] if scenario else ())).targets)
    for name, target in targets.items():
        indicator = INDICATORS.get(target.indicator)
        yield {
            "target": name,
            "title": target.title_en,
            "title_zh": target.title_zh,
            "goal": f"{target.goal:.15g}",
            "unit": target.unit,
            "year": target.year,
            "how": target.how,
            "countings": ",".join(target.countings),
            "modelled": _yes(indicator is not None and indicator.modelled),
            "note": target.note,
        }


def _yes(modelled: bool) -> str:
    return "yes" if modelled else "not yet"


def _indicators(province: str, language: Language) -> Iterable[Row]:
    from ...model.indicators.every_indicator import INDICATORS

    for name, indicator in INDICATORS.items():
        yield {
            "indicator": name,
            "title": indicator.title_en,
            "title_zh": indicator.title_zh,
            "kind": indicator.kind,
            "unit": indicator.unit,
            "modelled": _yes(indicator.modelled),
            "definition": indicator.definition,
            "definition_zh": indicator.definition_zh,
        }


def _parameters(province: str, language: Language) -> Iterable[Row]:
    from ...experiments.planning.door_to_model import loaded

    for name, parameter in loaded("action_plan", province=province).parameter_table().items():
        yield {
            "parameter": name,
            "title": parameter.title_en,
            "title_zh": parameter.title_zh,
            "value": f"{parameter.value:g}",
            "low": None if parameter.low is None else f"{parameter.low:g}",
            "high": None if parameter.high is None else f"{parameter.high:g}",
            "unit": parameter.unit,
            "distribution": parameter.distribution,
            "kind": parameter.kind,
            "mechanism": parameter.mechanism,
        }


def _rules(province: str, language: Language) -> Iterable[Row]:
    from ...model.ecosystem import rules_of_the_quarter

    for one in rules_of_the_quarter().values():
        yield {
            "rule": one.name,
            "arguments": ", ".join(one.arguments),
            "form": "compiled" if one.compiled else "plain",
            "what it does": one.sentence,
        }


LISTS: Final[dict[str, tuple[Callable[[str, Language], Iterable[Row]], tuple[Column, ...]]]] = {
    "provinces": (
        _provinces,
        (
            Column("province", _as("province")),
            Column("name", _as("name")),
            Column("contracts", _both("contracts_from", "contracts_to")),
            Column("series", lambda row, language: f"{row['series_whole']}/{row['series']}"),
            Column("parameters", lambda row, language: f"{row['parameters_own']}/{row['parameters_scaled']}"),
            Column("posterior", _word("posterior")),
            Column("remark", _as("remark")),
        ),
    ),
    "scenarios": (
        _scenarios,
        (
            Column("scenario", _as("scenario")),
            Column("title", _title),
            Column("kind", _word("kind")),
            Column("plan_start", _as("plan_start")),
            Column("time", _both("start", "end")),
        ),
    ),
    "targets": (
        _targets,
        (
            Column("target", _as("target")),
            Column("title", _title),
            Column("goal", lambda row, language: amount(float(row["goal"]), row["unit"], language)),
            Column("year", _as("year")),
            Column("countings", _as("countings")),
            Column("modelled", _word("modelled")),
            Column("note", lambda row, language: note_of(row["target"], language), wide=True),
        ),
    ),
    "indicators": (
        _indicators,
        (
            Column("indicator", _as("indicator")),
            Column("title", _title),
            Column("kind", _word("kind")),
            Column("unit", _unit),
            Column("definition", _either("definition", "definition_zh"), wide=True),
        ),
    ),
    "parameters": (
        _parameters,
        (
            Column("parameter", _as("parameter")),
            Column("title", _title),
            Column("value", _as("value")),
            Column("range", _both("low", "high")),
            Column("unit", _unit),
            Column("source", _source, wide=True),
            Column("mechanism", _mechanism, wide=True),
        ),
    ),
    "rules": (
        _rules,
        (
            Column("rule", _as("rule")),
            Column("what_it_does", _as("what it does")),
            Column("form", _word("form"), wide=True),
            Column("arguments", _as("arguments"), wide=True),
        ),
    ),
}


# ---- levers -------------------------------------------------------------------------


def levers_command(find: Find = None, form: Form = "table", lang: Lang = None) -> int:
    """List the levers of the plan: what each was, stays without it, and becomes."""
    from ...scenarios import levers

    check_format(form)
    language = check_language(lang)
    rows = [{str(name): cell for name, cell in row.items()} for row in levers().to_dict("records")]
    _show(rows, LEVER_COLUMNS, find, form, language)
    return 0


def _level(name: str) -> Cell:
    """Give a level with its unit; one that changes without the plan stands by dates, as in the CSV."""

    def cell(row: Row, language: Language) -> object:
        value = row[name]
        return value if isinstance(value, str) else level(float(value), row["unit"], language)

    return cell


def _task(row: Row, language: Language) -> str:
    task = str(row["task"])
    return task_words(task if task.startswith("organisation_") else f"task_{task}", language)


def _remark(row: Row, language: Language) -> str:
    return "" if row["change"] else say("forecast.no_change_asked", language)


LEVER_COLUMNS: Final = (
    Column("lever", _as("id")),
    Column("task", _task),
    Column("title", _title),
    Column("without_plan", _level("no_plan")),
    Column("with_plan", _level("plan")),
    Column("from", _as("start")),
    Column("remark", _remark),
)
