"""The first sheet of a workbook: the targets at a glance, their chances as a chart of the spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..figures.theme import SCENARIO_COLOURS
from ..tables.target_table import TargetRow, rows_of
from ..words.of_provinces import in_province, province_name
from ..words.phrases import Language, say
from .cells import Cells, number_format

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..tables.experiment_folder import Results

__all__ = ["SHEET", "add_target_sheet"]

SHEET: Final = "five_targets"

_WIDTHS: Final = (34, 20, 20, 20, 9, 11, 11, 11, 20, 20, 20, 14)
_SIZE: Final = (22.0, 9.5)
"""Width and height of the chart, in centimetres."""
_ROWS_BESIDE_CHART: Final = 20
_HEAD: Final = 4
"""Row of the headings of the chances."""
_CHANCE: Final = number_format("fraction", 1.0, "en")
_YEAR: Final = number_format("year", 0.0, "en")


def add_target_sheet(book: Any, results: Results, language: Language) -> None:
    """Add the sheet to a workbook that is being written; amounts in its cells are raw, as in all sheets.

    Where the goals are another province's there is neither chance nor chart, and a line says why.
    """
    from openpyxl.utils import get_column_letter

    rows = [row for row in rows_of(results, language) if row.scenario]
    titles = results.titles(language)
    sheet = book.create_sheet(SHEET)
    for place, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    cells = Cells(sheet)
    heading = in_province(
        say("targets.heading", language), province_name(results.province, language), language
    )
    sheet.append([cells.of(heading, bold=True)])
    sheet.append([cells.of(say("exports.sheet_note", language, futures=results.runs))])
    if results.written_for:
        owner = province_name(results.written_for, language)
        sheet.append([cells.of(say("brief.limit_elsewhere", language, owner=owner))])
        sheet.append([])
    elif rows:
        _add_chances(sheet, cells, rows, titles, language)
    _add_rows(sheet, cells, rows, titles, not results.written_for, language)


def _add_chances(
    sheet: Any, cells: Cells, rows: Sequence[TargetRow], titles: Mapping[str, str], language: Language
) -> None:
    """Add the chance of each target, as it is first counted, by scenario, with the chart beside it."""
    from openpyxl.utils import get_column_letter

    first: dict[str, TargetRow] = {}
    for row in rows:
        first.setdefault(row.target, row)
    chances = {(row.target, row.counting, row.scenario): row.probability for row in rows}
    sheet.append([])
    heads = [say("targets.column_target", language), *titles.values()]
    sheet.append([cells.of(head, bold=True, shaded=True) for head in heads])
    for target, row in first.items():
        mine = [chances.get((target, row.counting, name)) for name in titles]
        sheet.append(
            [cells.of(row.title), *(None if one is None else cells.of(one, _CHANCE) for one in mine)]
        )
    beside = get_column_letter(len(titles) + 3)
    sheet.add_chart(_chart(sheet, _HEAD, len(first), len(titles), language), f"{beside}{_HEAD}")
    for _ in range(max(1, _ROWS_BESIDE_CHART - len(first))):
        sheet.append([])


def _chart(sheet: Any, head: int, targets: int, scenarios: int, language: Language) -> Any:
    """Make a bar for each target and scenario, out of the cells below the row ``head``."""
    from openpyxl.chart import BarChart, Reference

    chart = BarChart()
    chart.type, chart.style, chart.gapWidth = "bar", 10, 60
    chart.title = say("exports.sheet_chart", language)
    chart.width, chart.height = _SIZE
    values = Reference(sheet, min_col=2, max_col=1 + scenarios, min_row=head, max_row=head + targets)
    chart.add_data(values, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=head + 1, max_row=head + targets))
    for series, colour in zip(chart.series, SCENARIO_COLOURS, strict=False):
        series.graphicalProperties.solidFill = colour.removeprefix("#")
    chart.x_axis.scaling.orientation = "maxMin"  # the first target at the top
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0.0, 1.0
    chart.y_axis.number_format, chart.y_axis.majorUnit = _CHANCE, 0.25
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend.position = "b"
    return chart


def _add_rows(
    sheet: Any,
    cells: Cells,
    rows: Sequence[TargetRow],
    titles: Mapping[str, str],
    with_goals: bool,
    language: Language,
) -> None:
    """Add a row for each target, way of counting and scenario."""
    heads = [say(f"targets.column_{one}", language) for one in ("target", "counting", "scenario", "goal")]
    heads += [say(f"exports.sheet_{one}", language) for one in ("year", "chance", "from", "to")]
    heads += [say(f"targets.column_{one}", language) for one in ("low", "median", "high", "first_year")]
    sheet.append([cells.of(head, bold=True, shaded=True) for head in heads])
    for row in rows:
        form = number_format(row.unit, max(row.goal * with_goals, row.high), language)
        chances = (row.probability, row.probability_low, row.probability_high)
        sheet.append(
            [
                *(cells.of(word) for word in (row.title, row.counting, titles[row.scenario])),
                cells.of(row.goal, form) if with_goals else None,
                cells.of(row.year, _YEAR),
                *(cells.of(one, _CHANCE) if with_goals else None for one in chances),
                *(cells.of(one, form) for one in (row.low, row.median, row.high)),
                cells.of(row.first_year, _YEAR) if with_goals and row.first_year is not None else None,
            ]
        )
