"""The command ``score``: frozen forecasts held against what came."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ...engine.errors import InputError
from ...experiments.planning.checks import check_folder
from ..words.of_scores import far_lines, few_line, head_lines, not_scored_lines, remarks, rival_lines
from ..words.phrases import Language, check_language, say
from .options import Lang

if TYPE_CHECKING:
    import pandas as pd

    from ...experiments.score import Scored

OBSERVED_SUFFIX: Final = ".csv"

_SUMMARY: Final = ("forecaster", "points", "crps_log", "abs_log_error", "inside_50", "inside_80", "inside_95")
_ENERGY: Final = ("indicator", "year", "forecaster", "provinces", "energy_log")
_AGAINST: Final = (
    *("rival", "forecaster", "figures", "wis_log_rival", "wis_log", "crps_log_rival", "crps_log"),
    *("inside_80_rival", "inside_80"),
)
_BRIER: Final = ("target", "forecaster", "scenario", "forecasts", "probability", "reached", "brier")


def score_command(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE... [OBSERVED.csv]",
            help="Frozen forecasts, one a province, or a folder of them; last the observed figures.",
        ),
    ],
    observed: Annotated[
        Path | None,
        typer.Option(
            "--observed",
            help="CSV of what came: indicator, year, value, unit, and province if there are several.",
        ),
    ] = None,
    rival: Annotated[
        list[Path] | None,
        typer.Option(
            "--rival",
            metavar="FILE",
            help="A forecast of others, <origin>-<team>-<model>.csv or .parquet, or a folder of them.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the tables; those that are there are replaced."),
    ] = None,
    lang: Lang = None,
) -> int:
    """Score frozen forecasts by what came, beside their rivals: CRPS, errors, coverage, Brier scores."""
    language = check_language(lang)
    frozen, table = split_words(files, observed)
    if out is not None:
        check_folder(out)
    from ...experiments.score import score

    scored = score(frozen, table, rivals=rival or [])
    for line in summary(scored, language):
        typer.echo(line)
    if out is not None:
        names = write_tables(scored, out)
        typer.echo(say("scores.written", language, folder=out, files=", ".join(names)))
    return 0


def split_words(files: list[Path], observed: Path | None) -> tuple[list[Path], Path]:
    """Tell frozen forecasts from the table of observed figures.

    Raises
    ------
    InputError
        If there is no table, or no frozen forecast, or more than one table.

    Examples
    --------
    >>> frozen, table = split_words([Path("a.zip"), Path("b.zip"), Path("came.csv")], None)
    >>> [one.name for one in frozen], table.name
    (['a.zip', 'b.zip'], 'came.csv')
    """
    frozen = [file for file in files if file.suffix.lower() != OBSERVED_SUFFIX]
    tables = [file for file in files if file.suffix.lower() == OBSERVED_SUFFIX]
    if observed is not None:
        tables.append(observed)
    if len(tables) != 1:
        raise InputError(
            "no table of observed figures is named" if not tables else f"{len(tables)} tables are named",
            key="OBSERVED.csv",
            allowed="one: a name that ends in .csv after the frozen forecasts, or --observed FILE",
        )
    if not frozen:
        raise InputError(
            "no frozen forecast is named",
            key="FILE",
            allowed="files that `shaanxi-transfer forecast --freeze FILE` wrote",
        )
    return frozen, tables[0]


def summary(scored: Scored, language: Language) -> Iterator[str]:
    """Say what was scored, how it went, on how few points, and what was not scored."""
    yield from head_lines(scored.frozen, language)
    summary, several = scored.summary, len(scored.frozen) > 1
    whole = summary[(summary["province"] == "all") & (summary["indicator"] == "all")]
    judged = whole["judged"].astype(bool)
    for title, mine, columns in (
        ("shared", whole[judged & whole["shared"].astype(bool)], _SUMMARY),
        ("not_shared", whole[judged & ~whole["shared"].astype(bool)], _SUMMARY),
        ("beside", whole[~judged], (_SUMMARY[0], "scenario", "shared", *_SUMMARY[1:])),
    ):
        yield from _table(title, mine.sort_values("crps_log"), columns, language)
    points = scored.scores[scored.scores["judged"].astype(bool) & scored.scores["shared"].astype(bool)]
    if len(points):
        yield few_line(points, language)
    by_province = summary[(summary["province"] != "all") & summary["judged"].astype(bool)]
    if several:
        chosen = by_province[by_province["shared"].astype(bool)].sort_values(["province", "crps_log"])
        yield from _table("shared", chosen, ("province", *_SUMMARY), language)
    yield from _table("energy", scored.energy, _ENERGY, language)
    yield from _table("against", scored.rivals.against, _AGAINST, language)
    yield from rival_lines(scored.rivals, language)
    yield from _targets(scored, language)
    yield from not_scored_lines(scored, language)
    yield from (f"* {line}" for line in far_lines(scored, language))
    yield from (f"* {line}" for line in remarks(scored.frozen, language))


def _targets(scored: Scored, language: Language) -> Iterator[str]:
    brier = scored.brier
    another = brier["for_another"].astype(bool)
    for title, mine in (("targets", brier[~another]), ("targets_of_another", brier[another])):
        yield from _table(title, mine, _BRIER, language)
    if len(brier):
        outcomes = scored.targets.drop_duplicates(["province", "target"])
        yield say("scores.few_targets", language, forecasts=len(outcomes))


def _table(title: str, rows: pd.DataFrame, columns: tuple[str, ...], language: Language) -> Iterator[str]:
    if rows.empty:
        return
    yield ""
    yield say(f"scores.table_{title}", language)
    yield rows[list(columns)].to_string(index=False, float_format="{:.3f}".format)


def write_tables(scored: Scored, folder: Path) -> list[str]:
    """Write the tables of scores as CSV; give their names."""
    from ...experiments.keeping.store import Store

    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "frozen.csv": scored.files,
        "scores.csv": scored.scores,
        "summary.csv": scored.summary,
        "target_scores.csv": scored.targets,
        "brier.csv": scored.brier,
        "not_scored.csv": scored.not_scored,
    }
    if len(scored.energy):
        tables["energy.csv"] = scored.energy
    if len(scored.rivals.files):
        tables["rivals.csv"] = scored.rivals.files
        tables["rival_scores.csv"] = scored.rivals.scores
        tables["against_rivals.csv"] = scored.rivals.against
    for name, table in tables.items():
        Store(folder).write_csv(name, table)
    return list(tables)
