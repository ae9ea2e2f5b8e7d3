"""Make packs of provinces from a panel that a user brings.

What the panel does not hold (cities, zones, named organisations, single facts, the values that were measured
in one province) comes from `sources/`, as for the packs of the package.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from ...engine.errors import InputError
from ..places import SOURCES_FOLDER
from .columns import LEVER_HISTORY
from .lever_history import HISTORY_FILE, history_rows
from .make_packs import csv_text, make_pack, write_pack
from .names import find_province, unknown_province
from .own_parameters import province_parameters, stood_in
from .panel import Panel, read_panel
from .panel_findings import Finding, in_order, panel_findings
from .sources_read import Sources
from .stand_in_series import BEGINS

__all__ = ["FINDINGS_FILE", "PANEL_FOLDER", "MadePacks", "packs_from_panel"]

FINDINGS_FILE: Final = "findings.csv"
PANEL_FOLDER: Final = "panel"
"""Folder with the files of the panel, beside those of the packs."""


class MadePacks(NamedTuple):
    """What was made of a panel.

    Attributes
    ----------
    panel : Panel
    findings : list of Finding
        What the panel lacks, what stands in for it, and what looks odd in it.
    made : list of str
        Names of the provinces that have a pack now.
    refused : dict of str to InputError
        Provinces of which none could be made, with the reason.
    """

    panel: Panel
    findings: list[Finding]
    made: list[str]
    refused: dict[str, InputError]


def packs_from_panel(
    files: Sequence[Path],
    last_year: int,
    out: Path,
    provinces: Sequence[str] = (),
    *,
    write: bool = True,
    facts: Path = SOURCES_FOLDER,
) -> MadePacks:
    """Make packs that end with a year.

    Parameters
    ----------
    files : sequence of Path
        Of the panel; see `panel.read_panel`.
    last_year : int
        Last year that is known.
    out : Path
        Gets a folder for each province, the panel and `FINDINGS_FILE`. Each pack has ``lever_history.csv``
        with the histories of the package up to its end, to be gone on with; one that is there stays.
    provinces : sequence of str, optional
        Any names of provinces; all of the panel by default, and then one that cannot be made stops no other.
    write : bool, optional
        Whether anything is written.
    facts : Path, optional
        Folder of what the panel does not hold, in the form of `sources/`.

    Returns
    -------
    MadePacks

    Raises
    ------
    InputError
        As for `panel.read_panel`; a province that is not in the panel or, asked for by name, cannot be made;
        a pack that is there already and differs, for it may have been improved by hand.
    """
    panel = read_panel(files, last_year)
    sources = Sources(facts, panel=panel)
    wanted = [_in_panel(name, panel) for name in provinces] or panel.provinces
    histories = csv_text([column.name for column in LEVER_HISTORY.columns], history_rows(last_year))
    texts: dict[str, dict[str, str]] = {}
    refused: dict[str, InputError] = {}
    for province in wanted:
        try:
            texts[province] = make_pack(province, sources)
        except InputError as error:
            if provinces:
                raise
            refused[province] = error
    for province, made in texts.items():
        _check_unchanged(out / province, made)
    findings = in_order([*panel_findings(panel), *_stand_ins(texts, sources)])
    if write:
        for province, made in texts.items():
            write_pack(made, out / province)
            if not (out / province / HISTORY_FILE).exists():  # it is there to be filled in
                write_pack({HISTORY_FILE: histories}, out / province)
        (out / PANEL_FOLDER).mkdir(parents=True, exist_ok=True)
        for file in panel.files:
            shutil.copyfile(file, out / PANEL_FOLDER / file.name)
        with (out / FINDINGS_FILE).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(Finding._fields)
            writer.writerows(findings)
    return MadePacks(panel, findings, list(texts), refused)


def _stand_ins(made: Mapping[str, Mapping[str, str]], sources: Sources) -> Iterator[Finding]:
    """Tell what is scaled by another series than its own, or taken over as it is: parameters and series."""
    for province, files in made.items():
        for name, fields in province_parameters(sources, province).items():
            if (found := stood_in(fields["note"])) is not None:
                missing, by = found
                yield Finding("stands_in", province, missing, "", parameter=name, by=by)
        rows = csv.DictReader(io.StringIO(files["series.csv"]))
        scaled = {row["indicator"]: row["source"] for row in rows if row["source"].startswith(BEGINS)}
        for name, source in scaled.items():
            by = source.removeprefix(BEGINS).split()[0]
            yield Finding("stands_in", province, name, "", parameter="series.csv", by=by)


def _in_panel(word: str, panel: Panel) -> str:
    province = find_province(word, panel.provinces)
    if province is None:
        raise unknown_province(word, panel.provinces)
    return province


def _check_unchanged(folder: Path, made: dict[str, str]) -> None:
    for name, text in made.items():
        file = folder / name
        if file.exists() and file.read_bytes() != text.encode("utf-8"):
            raise InputError(
                "a pack is there already, and this file of it is another",
                key="out",
                file=file,
                allowed="another folder, or one without this pack",
            )
