"""The command ``export``: an experiment in a form that colleagues read without this package."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ...engine.errors import LastStepError, SurroundingsError, TransferError
from ...engine.surroundings import said
from ...experiments.planning.checks import check_choice, check_file
from ..words.of_estimates import size_words
from ..words.phrases import check_language, say
from .options import Folder, Lang

if TYPE_CHECKING:
    from ..exporting.contents import Exported

FORMS: Final = {"duckdb": ".duckdb", "xarray": ".nc", "xlsx": ".xlsx"}
"""Suffix of the file of each form."""


def export_command(
    folder: Folder,
    form: Annotated[
        str,
        typer.Option("--form", help="duckdb (all rows and tables), xarray (netCDF) or xlsx (tables)."),
    ] = "duckdb",
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The file; one that is there is replaced.  [default: DIR.duckdb, ...]"),
    ] = None,
    lang: Lang = "en",
) -> int:
    """Write an experiment as one file with a data dictionary in Chinese and English."""
    language = check_language(lang)
    check_choice(form, "--form", FORMS)
    file = folder.resolve().with_name(folder.resolve().name + FORMS[form]) if out is None else out
    check_file(file, [FORMS[form]])
    from ..exporting.contents import read_for_export

    write = _writer(form)
    exported = read_for_export(folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        write(exported, file)
    except TransferError:
        raise
    except Exception as error:
        why = SurroundingsError(said(error, "writing", file)) if isinstance(error, OSError) else error
        again = f'shaanxi-transfer export "{folder}" --form {form} --out "{file}"'
        raise LastStepError(str(file), why, again) from error
    typer.echo(say("forecast.exported", language, size=size_words(file.stat().st_size), file=file))
    return 0


def _writer(form: str) -> Callable[[Exported, Path], None]:
    from ..exporting.duckdb_file import write_duckdb
    from ..exporting.netcdf_file import write_netcdf
    from ..exporting.workbook import write_xlsx

    return {"duckdb": write_duckdb, "xarray": write_netcdf, "xlsx": write_xlsx}[form]
