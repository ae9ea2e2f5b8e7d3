"""The frame of all runs as a workbook: drawn inputs, targets and differences, with a data dictionary."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...engine.errors import InputError
from ..words.of_inputs import input_words
from ..words.of_packages import quantity_words
from ..words.phrases import SIDE_BY_SIDE, Language, say, title_of
from .contents import Exported
from .data_dictionary import COLUMNS, meaning_of
from .workbook import ROWS_OF_A_SHEET, add_sheet

if TYPE_CHECKING:
    from ...experiments.planning.definitions import Definitions

__all__ = ["dictionary_of_frame", "write_frame"]


def write_frame(exported: Exported, file: Path) -> None:
    """Write the frame of a forecast and its data dictionary, whole or not at all.

    Raises
    ------
    InputError
        If there are more runs than a sheet can hold.
    """
    from openpyxl import Workbook

    from ...experiments.forecasting.frame_of_runs import frame_of, worlds_in
    from ...experiments.keeping.atomic_files import write_atomically

    frame = frame_of(exported.store, exported.definitions)
    if len(frame) >= ROWS_OF_A_SHEET:
        raise InputError(
            f"there are {len(frame)} runs, a sheet holds {ROWS_OF_A_SHEET}",
            key="--form",
            allowed="Forecast.frame() in Python for so many",
        )
    parameters: dict[str, Any] = {}
    for world in worlds_in(exported.store).values():
        parameters |= world.parameter_table()
    book = Workbook(write_only=True)
    add_sheet(book, "frame", frame)
    add_sheet(book, "data_dictionary", dictionary_of_frame(frame, parameters, exported.definitions))
    written = io.BytesIO()
    book.save(written)
    write_atomically(file, lambda path: path.write_bytes(written.getvalue()))


def dictionary_of_frame(
    frame: pd.DataFrame, parameters: Mapping[str, Any], definitions: Definitions
) -> pd.DataFrame:
    """Say what each column of a frame holds, in the form of `data_dictionary.COLUMNS`."""
    rows = list(_rows([str(name) for name in frame], parameters, definitions))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(
    names: list[str], parameters: Mapping[str, Any], definitions: Definitions
) -> Iterator[tuple[str, ...]]:
    for name in names:
        kind, _, rest = name.partition(".")
        if not rest:
            meant = [meaning_of("runs", name, language) for language in SIDE_BY_SIDE]
            yield "frame", name, "", "", "", "", "", *meant
            continue
        titles = [_title(kind, rest, parameters, definitions, language) for language in SIDE_BY_SIDE]
        meant = [say(f"exports.frame_{kind}", language) for language in SIDE_BY_SIDE]
        yield "frame", name, "", _unit(kind, rest, parameters, definitions), kind, *titles, *meant


def _unit(kind: str, rest: str, parameters: Mapping[str, Any], definitions: Definitions) -> str:
    if kind == "parameter":
        return str(parameters[rest].unit)
    if kind in ("outside", "unexplained"):
        return "ln/year" if kind == "outside" else "ln"
    target = rest.partition(".")[0]
    return definitions.targets[target].unit if target in definitions.targets else definitions.of(rest).unit


def _title(
    kind: str, rest: str, parameters: Mapping[str, Any], definitions: Definitions, language: Language
) -> str:
    if kind in ("parameter", "outside", "unexplained"):
        return input_words(f"{kind}.{rest}", parameters, definitions, language)
    target, _, counting = rest.partition(".")
    if target not in definitions.targets:
        return title_of(definitions.of(rest), language)
    return quantity_words({"kind": "target", "id": target, "counting": counting}, definitions, language)
