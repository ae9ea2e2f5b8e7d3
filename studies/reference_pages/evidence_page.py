"""Write the page on evidence, from the reference table.

``python -m shaanxi_transfer.studies.reference_pages.evidence_page docs/model`` reads
``results/reference/evidence_shaanxi.csv`` and writes ``evidence.md``; nothing is simulated.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ...experiments.evidence.kinds import LATER, PLAN_YEAR, WEAKNESS, WHO
from ...experiments.running.table_command import DEFAULT_FOLDER
from ..templates import number_in_words

FILE: Final = "evidence_shaanxi.csv"
PAGE: Final = "evidence.md"

_HEAD = """<!-- made by `make pages` from results/reference/evidence_shaanxi.csv; do not edit -->
# What the forecast rests on

Every parameter and every lever with its source, who assumed it, and what hangs on it; the weakest evidence
that matters most comes first. {runs} futures of `action_plan` for Shaanxi at scale {scale}, with everything
drawn that a forecast draws:
{drawn}.
Made by `make evidence RUNS={asked} SEED={seed}`. The table holds the figures for each of the five targets.

- **What hangs on a parameter** is its share of the variance of a target's predicted value, from a regression
  on ranks, less what chance gives (`effects/rank_shares.py`). Shares of parameters that were fitted
  together are those with all others held still, and may add up to more than the whole.
- **What hangs on a lever** is its mean effect on a target (the lever alone against `no_plan`,
  `results/reference/lever_effects.csv`), in standard deviations (sd) of the target's predicted value. It is
  no share of the variance: a lever is chosen. Its square stands beside shares in the score: what the lever
  would add to the variance if its size were as unsure as it is large.
- **Score**: the largest of these over the five targets, at most 1, times the weakness of the evidence:
  {weakness}; {later} more where a study or statistic is of {year} or later.
  Nobody has measured these weights. What chance alone could give has score 0.
- **Who assumed it** is read from kind and source by a rule (`experiments/evidence/kinds.py`): *reading the
  plan* where the text asks for the thing and gives no number, *near a source* where a source gives another
  number or a part of it.
- **Learnt** is the calibration's verdict (`results/reference/identifiability_shaanxi.csv`); empty where a
  parameter was not fitted, or no such table was there when the ledger was made. A carried parameter moves
  with the fit; nothing is claimed about it.
"""


def _cell(text: Any) -> str:
    return "" if pd.isna(text) else " ".join(str(text).replace("|", "/").split())


def _evidence(row: Mapping[Any, Any]) -> str:
    vintage = "" if pd.isna(row["vintage"]) else f" ({int(row['vintage'])})"
    source = _cell(row["source"])
    return f"{row['kind']}{vintage} | {row['assumed_by']} | {source}"


def _hangs(row: Mapping[Any, Any]) -> str:
    share, effect = row[f"share_{row['target']}"], row[f"effect_{row['target']}"]
    said = f"{share:.3f} of the variance" if row["what"] == "parameter" else f"{effect:+.2f} sd"
    return f"{said} of {row['target']}"


def _number(row: Mapping[Any, Any]) -> str:
    number = number_in_words(row["value"])
    if not pd.isna(row["low"]):
        number += f" [{number_in_words(row['low'])}, {number_in_words(row['high'])}]"
    return f"{number} {row['unit']}"


def _first(rows: pd.DataFrame) -> Iterator[str]:
    named = "rank, name, what it is, number, kind, who assumed it, source, hangs on it, learnt, score"
    yield f"| {' | '.join(named.split(', '))} |"
    yield "|---" * 10 + "|"
    for row in rows.to_dict("records"):
        learnt = " ".join(word for word in (row["role"], row["learnt"]) if word)
        yield (
            f"| {row['rank']} | `{row['name']}` ({row['what']}) | {_cell(row['title_en'])} "
            f"{_cell(row['title_zh'])} | {_number(row)} | {_evidence(row)} | {_hangs(row)} | {learnt} "
            f"| {row['score']:.3f} |"
        )


def _others(rows: pd.DataFrame) -> Iterator[str]:
    yield "| name | what it is | number | kind | who assumed it | source |"
    yield "|---|---|---|---|---|---|"
    for row in rows.to_dict("records"):
        yield f"| `{row['name']}` | {_cell(row['title_en'])} | {_number(row)} | {_evidence(row)} |"


def _by_who(table: pd.DataFrame) -> Iterator[str]:
    targets = [name.removeprefix("share_") for name in table.columns if name.startswith("share_")]
    yield "| who assumed it | entries | seen | " + " | ".join(targets) + " |"
    yield "|---|---|---|" + "---|" * len(targets)
    for who in WHO:
        own = table[table["assumed_by"] == who]
        seen = own[own["seen"] == "yes"]
        sums = " | ".join(f"{seen[f'share_{target}'].sum():.2f}" for target in targets)
        yield f"| {who} | {len(own)} | {len(seen)} | {sums} |"


def page(table: pd.DataFrame) -> str:
    """Make the page.

    Parameters
    ----------
    table : DataFrame
        As `evidence` writes it, and as it is read from the file.
    """
    words = ["source", "distribution", "drawn_from", "role", "learnt", "target", "seen"]
    table = table.assign(**table[words].astype(object).fillna(""))
    drawn = table.groupby("drawn_from").size()
    first = table.iloc[0]
    head = _HEAD.format(
        runs=int(first["runs"]),
        asked=int(first["asked"]),
        scale=first["scale"],
        seed=int(first["seed"]),
        drawn=", ".join(
            f"{drawn.get(name, 0)} parameters {words}"
            for name, words in (
                ("posterior", "from the posterior"),
                ("prior", "from their priors"),
                ("fixed", "held fixed"),
            )
        ),
        weakness=", ".join(f"{kind} {weight:g}" for kind, weight in WEAKNESS.items()),
        later=f"{LATER:g}",
        year=PLAN_YEAR,
    )
    fixed = table[table["drawn_from"] == "fixed"]
    unknown = table[(table["seen"] == "") & (table["what"] == "lever")]
    unseen = table[table["seen"] == "no"]
    lines = [
        head,
        "## What matters, the weakest evidence first\n",
        *_first(table[table["seen"] == "yes"]),
        "\n## Who assumed how much\n",
        "Sums of the shares of the parameters of the table above; levers have none.\n",
        *_by_who(table),
        "\n## Parameters on which nothing hangs that these runs could tell from chance\n",
        *_others(unseen[unseen["what"] == "parameter"]),
        "\n## Levers without a visible effect on a target\n",
        *_others(unseen[unseen["what"] == "lever"]),
        "\n## Parameters held fixed: how much hangs on them is not known\n",
        *_others(fixed),
        "\n## Levers whose effect is not known, or of which the plan asks no change\n",
        *_others(unknown),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page into the folder that is named, if the table has been made."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/model")
    table = DEFAULT_FOLDER / FILE
    if not table.exists():
        print(f"{folder / PAGE}: not written, {table} is not there yet (`make evidence` makes both)")
        return
    (folder / PAGE).write_text(page(pd.read_csv(table)), encoding="utf-8", newline="\n")
    print(folder / PAGE)


if __name__ == "__main__":
    main()
