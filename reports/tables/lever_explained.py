"""What ``explain`` says of a lever: the plan's words, the rule, the paths, the cost, and what it moved."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..places import PACKAGE
from ..words.amounts import amount
from ..words.of_scenarios import level, mechanism_and_limit, task_words, verdict_words
from ..words.phrases import Language, say, title_of
from .ranking_explained import ranking_lines

if TYPE_CHECKING:
    import pandas as pd

    from ...scenarios import Lever, Scenario

REFERENCE: Final = Path("results") / "reference" / "lever_effects.csv"
_NEEDED: Final = ("lever", "indicator", "q50")


def reference_file() -> Path:
    """Give the place of the table of levers' effects: beside the code if it is there, else seen from here."""
    beside = PACKAGE / REFERENCE
    return beside if beside.is_file() else REFERENCE


def task_lines(selector: str, language: Language) -> Iterator[str]:
    """Give a task's paragraph of the plan, what it is in the model, and the levers that stand for it."""
    from ...scenarios import lever_catalogue, task_text
    from ...scenarios.task_verdicts import evidence_of, task_verdicts

    yield task_words(selector, language)
    yield task_text(selector)
    mechanism, binds = mechanism_and_limit(selector, language)
    yield say("scenarios.mechanism_of_task", language, mechanism=mechanism)
    yield say("scenarios.binds_of_task", language, binds=binds)
    verdict = verdict_words(task_verdicts()[selector].verdict, language)
    yield say("scenarios.verdict_of_task", language, verdict=verdict, evidence=evidence_of(selector))
    levers = [lever for lever in lever_catalogue().values() if lever.selector == selector]
    yield say("scenarios.levers_of_task" if levers else "scenarios.no_lever", language)
    yield from (f"  {lever.id}: {title_of(lever, language)}" for lever in levers)
    yield from ranking_lines(selector, "task", language)


def lever_lines(lever: Lever, language: Language, reference: Path | None = None) -> Iterator[str]:
    """Say all that is known of a lever; what a file says in one language stays in it.

    ``reference`` is a table of levers' effects, `reference_file` by default. Its absence is said.
    """
    from ...model.indicators.every_indicator import INDICATORS
    from ...scenarios import load

    other: Language = "en" if language == "zh" else "zh"
    colon = say("amounts.colon", language)
    yield f"{lever.id}{colon}{title_of(lever, language)} · {title_of(lever, other)}"
    named = say("amounts.between_agencies", language).join(lever.agencies)
    agencies = say("scenarios.agencies", language, agencies=named)
    yield f"{task_words(lever.selector, language)}; {agencies}"
    yield say("scenarios.quote", language, quote=lever.quote)
    source = say("scenarios.source", language, reference=lever.reference)
    yield f"{say(f'scenarios.kind_{lever.kind}', language)} {source}"
    yield _rule_line(lever, language)
    indicator = INDICATORS.get(lever.indicator)
    title = "" if indicator is None else title_of(indicator, language)
    yield say("scenarios.indicator", language, indicator=lever.indicator, title=title)
    if lever.counts_only:
        yield say("scenarios.counts_only", language, indicator=lever.indicator)
    plan, without = load("action_plan"), load("no_plan")
    yield say("scenarios.without_the_plan", language, path=path_words(without, lever, language))
    if lever.changes:
        yield say("scenarios.with_the_plan", language, path=path_words(plan, lever, language))
    else:
        yield say("scenarios.no_change", language)
    bounds = {"low": level(lever.low, lever.unit, language), "high": level(lever.high, lever.unit, language)}
    yield say("scenarios.bounds", language, **bounds)
    yield _cost_line(plan, lever, language)
    if lever.note:
        yield say("scenarios.note", language, note=" ".join(lever.note.split()))
    yield from effect_lines(lever.id, language, reference_file() if reference is None else reference)


def _rule_line(lever: Lever, language: Language) -> str:
    """Name the rule and give the first sentence of what it says of itself."""
    from ...model.rules_by_name import rule_called

    found = rule_called(lever.rule)
    name = lever.rule.partition(".")[2]  # as `list rules` has it, without the room
    if found is None:
        return say("scenarios.rule_absent", language, rule=name)
    sentence = (inspect.getdoc(found) or "").split("\n\n")[0]
    return say("scenarios.rule", language, rule=name, sentence=" ".join(sentence.split()))


def path_words(scenario: Scenario, lever: Lever, language: Language) -> str:
    """Write a path by its dates of change; equal steps of a ramp are shown as first and last."""
    path = scenario.quarterly_lever_paths()[lever.id].tolist()
    quarters = scenario.quarters
    changes = [i for i in range(len(path)) if i == 0 or path[i] != path[i - 1]]
    pieces: list[str] = []
    for place, i in enumerate(changes):
        inside = 0 < place < len(changes) - 1
        if inside and changes[place - 1] == i - 1 and changes[place + 1] == i + 1:
            if pieces[-1] != "…":
                pieces.append("…")
            continue
        value = level(path[i], lever.unit, language)
        pieces.append(say("scenarios.from", language, first=quarters[i], value=value))
    return say("amounts.semicolon", language).join(pieces)


def _cost_line(plan: Scenario, lever: Lever, language: Language) -> str:
    from ...scenarios import declared_costs

    costs = declared_costs(plan)
    mine = costs[costs["lever"] == lever.id]
    if mine.empty:
        return say("scenarios.cost_none", language)
    years = [
        say(
            "scenarios.cost_of_year",
            language,
            year=year,
            budget=amount(budget, "yuan", language),
            administration=amount(administration, "yuan", language),
        )
        for year, budget, administration in zip(
            mine["year"], mine["budget"], mine["administration"], strict=True
        )
    ]
    joined = say("amounts.semicolon", language).join(years)
    return say(
        "scenarios.cost", language, payer=say(f"scenarios.payer_{lever.payer}", language), costs=joined
    )


def effect_lines(lever: str, language: Language, file: Path) -> Iterator[str]:
    """Say what a lever moved in the reference table, or why that cannot be said.

    ``file`` is a CSV with at least the columns lever, indicator and q50.
    """
    import pandas as pd

    from ...experiments.effects.lever_effects import is_of_today

    shown = {"file": REFERENCE.as_posix() if file.name == REFERENCE.name else str(file)}
    if not file.is_file():
        yield say("scenarios.effects_absent", language, **shown)
        return
    try:
        table = pd.read_csv(file)
    except (OSError, ValueError) as error:
        yield say("scenarios.effects_unreadable", language, problem=" ".join(str(error).split()), **shown)
        return
    lacking = [column for column in _NEEDED if column not in table.columns]
    if lacking:
        yield say("scenarios.effects_unreadable", language, problem=", ".join(lacking), **shown)
        return
    if not is_of_today(table):
        yield say("scenarios.effects_of_older_model", language, **shown)
        return
    rows = table[table["lever"] == lever]
    if rows.empty:
        yield say("scenarios.effects_no_row", language, **shown)
        return
    yield say("scenarios.effects", language, **shown)
    for _, row in rows.iterrows():
        yield f"  {_effect_line(row, language)}"


def _effect_line(row: pd.Series[Any], language: Language) -> str:
    def value(column: str, unit: str) -> str:
        if not _holds(row, column):
            return "–"
        text = level(float(row[column]), unit, language)
        return say("scenarios.things", language, number=text) if unit == "count" else text

    unit = str(row["unit"]) if _holds(row, "unit") else "points"
    more = []
    if _holds(row, "futures"):
        more.append(say("scenarios.futures", language, futures=int(row["futures"])))
    if _holds(row, "net_cost_q50"):
        more.append(
            say("scenarios.net_cost", language, cost=amount(float(row["net_cost_q50"]), "yuan", language))
        )
    return say(
        "scenarios.effect",
        language,
        scenario=row["scenario"] if _holds(row, "scenario") else "",
        indicator=row["indicator"],
        year=int(row["year"]) if _holds(row, "year") else "",
        median=value("q50", unit),
        low=value("q05", unit),
        high=value("q95", unit),
        more="".join(f"; {part}" for part in more),
    ).strip()


def _holds(row: pd.Series[Any], column: str) -> bool:
    import pandas as pd

    return column in row.index and bool(pd.notna(row[column]))
