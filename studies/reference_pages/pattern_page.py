"""Write the page on the ten patterns, from the reference table.

``python -m shaanxi_transfer.studies.reference_pages.pattern_page docs/model`` reads
``results/reference/patterns_shaanxi.csv`` and writes ``patterns.md``; nothing is simulated.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ...experiments.patterns.verdicts import verdicts_of_patterns
from ...experiments.running.table_command import DEFAULT_FOLDER
from ..templates import number_in_words

FILE: Final = "patterns_shaanxi.csv"
PAGE: Final = "patterns.md"

_HEAD = """<!-- made by `make pages` from results/reference/patterns_shaanxi.csv; do not edit -->
# Which facts the model reproduces, and which it misses

{futures} futures at scale {scale} to the end of 2017, when all scenarios are still one and the same.
Made by `make patterns RUNS={futures} SEED={seed}`.

A fact is **near** if the median is within the stated tolerance of what was observed: ln(simulated /
observed) for amounts and counts (twice the observation error, at least 0.15, for figures of the observed
table), a difference for growth rates, changes and some shares. It is **inside** if the observed lies between
the 5 and 95 % quantiles. A bound (≥, ≤) is met from its side: only what lies beyond it is distance. Near and
inside: reproduced. One of both: partly. Neither: not. Where the band is more than four tolerances wide
(*wide*), hardly anything would lie outside it, and the median alone says something. The band's width is
ln(q95 / q05) where distance is a logarithm, else q95 - q05.

A pattern is reproduced if at least four fifths of its facts are and none is missed; not, if more than half
are missed; partly otherwise. *Fit*: the calibration sees it. *Check*: it does not, or only what it follows
from. *Input*: goes into the model itself, so that it shows no more than that nothing bends it on the way.
*Later check*: a vintage after 2017.
"""

_SIDES: Final = {"equal": "", "at_least": "≥ ", "at_most": "≤ "}


def _row(row: Mapping[Any, Any]) -> str:
    observed = _SIDES[row["side"]] + number_in_words(row["observed"])
    if row["verdict"] == "not simulated":
        cells = [observed, "", "", "", "", row["use"], row["verdict"]]
    else:
        simulated = " ".join(
            (
                number_in_words(row["median"]),
                f"[{number_in_words(row['q05'])}, {number_in_words(row['q95'])}]",
            )
        )
        width = f"{row['band_width']:.2f}" + (" *wide*" if row["band"] == "wide" else "")
        distance = f"{row['distance']:+.2f}"
        cells = [observed, simulated, distance, f"{row['tolerance']:.2f}", width, row["use"], row["verdict"]]
    return f"| `{row['fact']}` | " + " | ".join(cells) + " |"


def _whole(table: pd.DataFrame) -> Iterator[str]:
    yield "| pattern | verdict | facts reproduced | partly | missed | distance over tolerance |"
    yield "|---|---|---|---|---|---|"
    for pattern, row in verdicts_of_patterns(table).iterrows():
        facts = f"{row['reproduced']} of {row['facts']} | {row['partly']} | {row['missed']}"
        far = "" if pd.isna(row["distance"]) else f"{row['distance']:.2f}"
        yield f"| {pattern}. {row['title']} | **{row['verdict']}** | {facts} | {far} |"


def page(table: pd.DataFrame) -> str:
    """Make the page.

    Parameters
    ----------
    table : DataFrame
        Columns of `verdicts.COLUMNS`, as read from the file.
    """
    words = ["band", "note", "verdict"]
    table = table.assign(**table[words].astype(object).fillna(""))
    judged = table[table["verdict"] != ""]
    first = judged.iloc[0]
    lines = [
        _HEAD.format(futures=int(judged["futures"].max()), scale=first["scale"], seed=int(first["seed"])),
        "## The ten patterns\n",
        *_whole(table),
        "\nDistance over tolerance: root mean square over the pattern's facts; 1 is just near.",
    ]
    for pattern, whole in verdicts_of_patterns(table).iterrows():
        own = judged[judged["pattern"] == pattern]
        lines.append(f"\n## {pattern}. {whole['title']}: {whole['verdict']}\n")
        if own.empty:
            continue
        lines.append(
            "| fact | observed | simulated [5, 95 %] | distance | tolerance | width | use | verdict |"
        )
        lines.append("|---|---|---|---|---|---|---|---|")
        lines += [_row(row) for row in own.to_dict("records")]
        notes = own[own["note"] != ""].groupby("note", sort=False)["fact"].agg(list)
        lines += ["", *(f"- {_listed(names)}: {note}" for note, names in notes.items())]
    return "\n".join(lines) + "\n"


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def main() -> None:
    """Write the page into the folder that is named, if the table has been made."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/model")
    table = DEFAULT_FOLDER / FILE
    if not table.exists():
        print(f"{folder / PAGE}: not written, {table} is not there yet (`make patterns` makes both)")
        return
    (folder / PAGE).write_text(page(pd.read_csv(table)), encoding="utf-8", newline="\n")
    print(folder / PAGE)


if __name__ == "__main__":
    main()
