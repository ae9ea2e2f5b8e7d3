"""Chapters on how far a brief can be trusted: evidence, what the model cannot say, its past forecasts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ...experiments.keeping.store import MANIFEST
from ...experiments.planning.door_to_model import scenario_of
from ..places import reference_file
from ..tables.caveats import caveats
from ..words.amounts import number
from ..words.of_packs import kind_words
from ..words.of_provinces import province_name
from ..words.of_scenarios import level
from ..words.of_sensitivity import percent
from ..words.phrases import NOT_IDENTIFIED, Language, note_of, say, title_of
from .commands_again import command_of
from .parts import Chapter, Paragraph, Table, of_manifest, of_rows
from .source import Source

if TYPE_CHECKING:
    from ...experiments.planning.definitions import Definitions
    from ..tables.experiment_folder import Results

__all__ = ["EVIDENCE_OF", "evidence_chapter", "limits_chapter", "past_chapter"]

EVIDENCE_OF: Final = "shaanxi"
"""The one province with a ledger of evidence and a backtest of its own; the others have one in common."""

_REFERENCE: Final = "results/reference"
_WEAKEST: Final = 8
_ASSUMED: Final = "assumption"
_MODEL: Final = "model"


def _table_of(name: str) -> tuple[str, pd.DataFrame] | None:
    file = reference_file(name)
    return None if file is None else (f"{_REFERENCE}/{name}", pd.read_csv(file))


def evidence_chapter(province: str, definitions: Definitions, language: Language) -> Chapter | None:
    """Name the numbers on which most hangs and whose evidence is weakest; None without a ledger."""
    found = _table_of(f"evidence_{province}.csv")
    if found is None:
        return None
    file, table = found
    ledger = table[table["score"] > 0.0].sort_values("rank").head(_WEAKEST)
    columns = ("rank", "name", "what", "value", "low", "high", "unit", "kind", "target", "most", "score")
    traces = of_rows(file, ledger, columns)
    assumed = int((ledger["kind"] == _ASSUMED).sum())
    said = say(
        "brief.evidence_head", language, count=len(ledger), assumed=assumed, runs=int(table["runs"].iloc[0])
    )
    heads = [say(f"brief.head_{one}", language) for one in ("number", "value", "kind", "target", "hangs")]
    rows = [_evidence_row(row, definitions, language) for row in ledger.to_dict("records")]
    caption = say("brief.table_evidence", language)
    note = Paragraph(say("brief.evidence_note", language), traces[:1], note=True)
    shown = Table(caption, heads, rows, traces)
    return Chapter(say("brief.chapter_evidence", language), (Paragraph(said, traces), shown, note))


def _evidence_row(row: dict[Any, Any], definitions: Definitions, language: Language) -> list[str]:
    unit = str(row["unit"])
    value, low, high = (level(float(row[one]), unit, language) for one in ("value", "low", "high"))
    if row["what"] == "lever":
        hangs = say("brief.hangs_lever", language, most=number(float(row["most"])))
    else:
        hangs = say("brief.hangs_parameter", language, most=percent(float(row["most"]), language))
    target = definitions.targets.get(str(row["target"]))
    return [
        str(row[f"title_{language}"]),
        say("brief.value_and_range", language, value=value, low=low, high=high),
        kind_words(str(row["kind"]), language),
        title_of(target, language) if target else str(row["target"]),
        hangs,
    ]


def limits_chapter(
    sources: dict[str, Source], results: Results | None, definitions: Definitions, language: Language
) -> Chapter:
    """Say what the model cannot say, each from what this very experiment is."""
    return Chapter(
        say("brief.chapter_limits", language), tuple(_limits(sources, results, definitions, language))
    )


def _limits(
    sources: dict[str, Source], results: Results | None, definitions: Definitions, language: Language
) -> Iterator[Paragraph]:
    source = next(iter(sources.values()))
    file = f"{source.shown}/{MANIFEST}"
    pack = scenario_of(next(iter(source.worlds.values()))).pack()
    last = pack.manifest.last_year
    yield Paragraph(
        say("brief.limit_data", language, year=last), of_manifest(file, data=dict(source.identity["data"]))
    )
    yield from (_of_other_rules(one, language) for one in sources.values() if one.of_other_rules)
    few = min(int(one.identity["runs"]) for one in sources.values() if "runs" in one.identity)
    runs = tuple(
        trace
        for one in sources.values()
        for trace in of_manifest(
            f"{one.shown}/{MANIFEST}", runs=one.identity.get("runs"), scale=one.identity.get("scale")
        )
    )
    yield Paragraph(say("brief.limit_chance", language, futures=few), runs)
    if results is None:
        return
    of_rules = of_manifest(file, discrepancy=list(results.discrepancies), without=list(results.without))
    shown = list(definitions.targets)
    modelled = set(results.targets.loc[results.targets["probability"].notna(), "target"])
    comma = say("amounts.semicolon", language)
    absent = [title_of(definitions.targets[name], language) for name in shown if name not in modelled]
    if absent:
        yield Paragraph(say("brief.limit_not_modelled", language, targets=comma.join(absent)), of_rules)
    unknown = [
        title_of(definitions.targets[one], language) for one in shown if one in NOT_IDENTIFIED & modelled
    ]
    if unknown:
        note = " ".join(note_of(one, language) for one in shown if one in NOT_IDENTIFIED)
        said = say("brief.limit_not_identified", language, targets=comma.join(unknown), note=note)
        yield Paragraph(said, of_rules)
    yield from (Paragraph(line, of_rules) for line in caveats(results, language))
    if results.written_for:
        owner = province_name(results.written_for, language)
        yield Paragraph(say("brief.limit_elsewhere", language, owner=owner), of_rules)
    if results.failed:
        yield Paragraph(
            say("brief.limit_failed", language, failed=results.failed),
            of_manifest(file, failed=results.failed),
        )
    yield Paragraph(say("brief.limit_strength", language), of_rules)


def _of_other_rules(source: Source, language: Language) -> Paragraph:
    """Say that an experiment was made with other rules, and how it is made with those of today."""
    code = source.identity["code"]
    said = {"folder": source.shown, "code": str(code)[:12], "date": source.date}
    traces = of_manifest(f"{source.shown}/{MANIFEST}", code=code)
    return Paragraph(say("brief.limit_other_rules", language, command=command_of(source)[0], **said), traces)


def past_chapter(province: str, language: Language) -> Chapter | None:
    """Say how good past forecasts of the model were, beside those of simple rivals; None without a table."""
    own = _table_of(f"backtest_summary_{province}.csv")
    found = _of_one_province(*own, language) if own else _of_all(province, language)
    if found is None:
        return None
    alone = Paragraph(say("brief.past_contracts_alone", language), found[0].traces)
    return Chapter(say("brief.chapter_past", language), (*found, alone))


def _of_one_province(file: str, table: pd.DataFrame, language: Language) -> list[Paragraph]:
    whole = table[table["indicator"] == "all"]
    mine = whole[whole["forecaster"] == _MODEL]
    rivals = whole[~whole["forecaster"].str.startswith(_MODEL)].sort_values("crps_log")
    row, best = mine.iloc[0], rivals.iloc[:1]
    traces = of_rows(
        file, mine, ("forecaster", "points", "crps_log", "abs_log_error", "inside_80", "inside_95")
    )
    said = say(
        "brief.past",
        language,
        points=int(row["points"]),
        figures=int(row["figures"]),
        log=f"{float(row['abs_log_error']):.2f}",
        miss=percent(math.expm1(float(row["abs_log_error"])), language),
        inside=percent(float(row["inside_80"]), language),
        low=percent(float(row["inside_80_low"]), language),
        high=percent(float(row["inside_80_high"]), language),
    )
    behind = int((rivals["crps_log"] > row["crps_log"]).sum())
    return [
        Paragraph(said, traces),
        Paragraph(
            say(
                "brief.past_rivals",
                language,
                rivals=len(rivals),
                behind=behind,
                score=f"{float(row['crps_log']):.3f}",
                best=say(f"study_backtest.rival_{best['forecaster'].iloc[0]}", language),
                best_score=f"{float(best['crps_log'].iloc[0]):.3f}",
            ),
            (*traces, *of_rows(file, rivals, ("forecaster", "crps_log"))),
        ),
    ]


def _of_all(province: str, language: Language) -> list[Paragraph] | None:
    """Take the row of the province in the backtest of all provinces."""
    found = _table_of("backtest_provinces_by_province.csv")
    if found is None:
        return None
    file, table = found
    mine = table[table["province"] == province]
    if mine.empty:
        return None
    row: Any = mine.iloc[0]
    key = "brief.past_province_better" if row["model_less"] < 0.0 else "brief.past_province_worse"
    said = say(
        key,
        language,
        province=province_name(province, language),
        points=int(row["points"]),
        inside=percent(float(row["inside_80"]), language),
        score=f"{float(row['crps_log']):.3f}",
        rival=say(f"study_backtest.rival_{row['rival']}", language),
        rival_score=f"{float(row['crps_rival']):.3f}",
    )
    return [
        Paragraph(
            said, of_rows(file, mine, ("province", "points", "crps_log", "rival", "crps_rival", "inside_80"))
        )
    ]
