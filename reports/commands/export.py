"""The command ``export``: an experiment in a form that colleagues read without this package."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ...engine.errors import LastStepError, SurroundingsError, TransferError, check_choice
from ...engine.surroundings import said
from ...experiments.planning.checks import check_file, check_folder
from ..words.of_estimates import size_words
from ..words.phrases import Language, check_language, say
from .options import Folder, Lang

if TYPE_CHECKING:
    from ..exporting.contents import Exported

HUBVERSE: Final = "hubverse"
"""The form of a frozen forecast; the others are forms of an experiment's folder."""

FORMS: Final = {"duckdb": ".duckdb", "xarray": ".nc", "xlsx": ".xlsx", "frame": ".frame.xlsx"}
"""How the file of each form ends."""


def export_command(
    folder: Folder,
    form: Annotated[
        str,
        typer.Option(
            "--form",
            help="duckdb (all rows and tables), xarray (netCDF), xlsx (tables) or frame (xlsx: what each "
            "run drew, what came of it, and what differs); hubverse: quantile files of a frozen forecast, "
            "or of a folder of them, in place of DIR.",
        ),
    ] = "duckdb",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="The file, of hubverse the folder; what is there is replaced.  [default: DIR.duckdb, ..., "
            "model-output]",
        ),
    ] = None,
    lang: Lang = None,
) -> int:
    """Write an experiment as one file with a data dictionary in Chinese and English."""
    language = check_language(lang)
    check_choice(form, "--form", [*FORMS, HUBVERSE])
    if form == HUBVERSE:
        return _write_hubverse(folder, Path("model-output") if out is None else out, language)
    file = folder.resolve().with_name(folder.resolve().name + FORMS[form]) if out is None else out
    check_file(file, [Path(f"a{FORMS[form]}").suffix])
    from ..exporting.contents import read_for_export

    write = _writer(form, language)
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


def _write_hubverse(frozen: Path, folder: Path, language: Language) -> int:
    check_folder(folder)
    from ...experiments.freezing.read_frozen import read_frozen
    from ...experiments.hubverse.write_frozen import write_hub_files
    from ...experiments.planning.checks import frozen_files_of

    for file in write_hub_files([read_frozen(one) for one in frozen_files_of(frozen)], folder):
        size = size_words(file.stat().st_size)
        typer.echo(say("forecast.exported", language, size=size, file=file))
    return 0


def _writer(form: str, language: Language) -> Callable[[Exported, Path], None]:
    from ..exporting.duckdb_file import write_duckdb
    from ..exporting.frame_file import write_frame
    from ..exporting.netcdf_file import write_netcdf
    from ..exporting.workbook import write_xlsx

    writers: dict[str, Callable[[Exported, Path], None]] = {
        "duckdb": write_duckdb,
        "xarray": write_netcdf,
        "xlsx": partial(write_xlsx, language=language),
        "frame": write_frame,
    }
    return writers[form]
