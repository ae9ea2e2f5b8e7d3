"""What ``check`` says of a scenario that is in order: how it differs, and what it declares to cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...engine.quarters import Quarter
from ...experiments.keeping.provenance import far_ahead
from ..words.amounts import amount, number
from ..words.of_scenarios import level, task_words
from ..words.phrases import Language, say, title_of

if TYPE_CHECKING:
    import pandas as pd

    from ...scenarios import Scenario

MANY_STRETCHES = 3


def scenario_lines(
    scenario: Scenario, base: Scenario, language: Language, *, in_forecast: Scenario
) -> Iterator[str]:
    """Say in words what a scenario is, how it differs from its base, and what more it declares to cost.

    ``in_forecast`` is the base as a forecast holds it against the scenario: over the same time, if it can.
    """
    facts = {"province": scenario.province, "start": scenario.start, "end": scenario.end}
    yield say("scenarios.lies_on", language, name=scenario.name, base=base.name, **facts)
    if scenario.overlays:
        yield say("scenarios.with_overlays", language, overlays=", ".join(scenario.overlays))
    yield from target_lines(scenario, language)
    found = list(difference_lines(scenario, base, language))
    yield say("scenarios.differences" if found else "scenarios.no_difference", language, base=base.name)
    yield from (f"  {line}" for line in found)
    if scenario.plan_start != in_forecast.plan_start:
        yield say("scenarios.other_plan_start", language, base=base.name)
    if scenario.end != in_forecast.end:
        end = min(scenario.end, in_forecast.end, key=Quarter.parse)
        yield say("scenarios.common_years", language, base=base.name, end=end)
    if any(getattr(scenario, name) != getattr(in_forecast, name) for name in ("start", "steps_per_year")):
        yield say("scenarios.other_quarters", language, base=base.name)
    yield from without_effect_lines(scenario, language)
    yield from cost_lines(scenario, in_forecast, language)


def target_lines(scenario: Scenario, language: Language) -> Iterator[str]:
    """Say by which targets of its own a scenario is judged, and whether it looks far beyond the data."""
    from ...experiments.planning.door_to_model import judged, model

    if scenario.targets:
        yield say("scenarios.own_targets", language)
        targets: dict[str, Any] = dict(judged(model().definitions, scenario).targets)
        for target in targets.values():
            asked = amount(target.goal, target.unit, language)
            by = say("targets.by_year", language, goal=asked, year=target.year)
            yield f"  {say('scenarios.own_target', language, title=title_of(target, language), goal=by)}"
    if told := far_ahead(scenario):
        yield say("forecast.far_ahead", language, **told)


def without_effect_lines(scenario: Scenario, language: Language) -> Iterator[str]:
    """Name each lever that is set and can change nothing."""
    from ...scenarios.without_effect import levers_without_effect

    for found in levers_without_effect(scenario):
        if found.needs:
            yield say("scenarios.acts_with", language, lever=found.lever, needs=found.needs)
        else:
            total, smallest = (level(value, "yuan", language) for value in (found.total, found.smallest))
            yield say(
                "scenarios.too_small",
                language,
                lever=found.lever,
                total=total,
                end=scenario.end,
                smallest=smallest,
            )


def difference_lines(scenario: Scenario, base: Scenario, language: Language) -> Iterator[str]:
    """Say each difference on a line: fields, levers in the plan's order, parameters.

    Levers that differ by nothing but the start of the plan are told together, at the end.
    """
    from ...scenarios.choosing.adjustments import ADJUSTMENTS

    table = scenario.diff(base)
    parameters = scenario.parameter_table() if (table["what"] == "parameter").any() else {}
    for row in table[(table["what"] == "field") & (table["name"] != "targets")].itertuples():
        yield say("scenarios.field", language, name=row.name, this=row.this, other=row.other)
    for name in ADJUSTMENTS:
        this, other = (_adjusted(one, name) for one in (scenario, base))
        if this != other:
            yield say("scenarios.field", language, name=name, this=this, other=other)
    levers = table[table["what"] == "lever"]
    end = str(min(scenario.quarters[-1], base.quarters[-1]))
    own = _chosen_otherwise(scenario, base)
    for name in dict.fromkeys(levers["name"]):
        if name in own:
            yield _lever_line(name, levers[levers["name"] == name], end, language)
    for row in table[table["what"] == "parameter"].itertuples():
        parameter: Any = parameters.get(str(row.name))
        title = getattr(parameter, f"title_{language}", "")
        yield say("scenarios.parameter", language, name=row.name, title=title, this=row.this, other=row.other)
    following = levers[~levers["name"].isin(list(own))]
    if not following.empty:
        yield say(
            "scenarios.following_start",
            language,
            count=following["name"].nunique(),
            base=base.name,
            first=following["from_quarter"].min(),
            unlike=int((following["to_quarter"] == end).sum()),
            end=end,
        )


def _adjusted(scenario: Scenario, name: str) -> str:
    """Write what a scenario says in ``delay_quarters`` or ``scaled``."""
    from ...scenarios.choosing.adjustments import ADJUSTMENTS

    given, nothing = getattr(scenario, name), ADJUSTMENTS[name]
    if all(value == nothing for value in given.values()):
        return f"{nothing:g}"
    return ", ".join(f"{selector} {value:g}" for selector, value in given.items())


def _chosen_otherwise(scenario: Scenario, base: Scenario) -> set[str]:
    """Name the levers that would differ even if the plan started in both in the same quarter."""
    starts = ("plan_start", "delay_quarters")
    if all(getattr(scenario, name) == getattr(base, name) for name in starts):
        return set(scenario.quarterly_lever_paths())
    # unchecked: what is dated may come to lie before the start of the plan, which is no fault here
    together = type(scenario).model_construct(
        **{**dict(scenario), **{name: getattr(base, name) for name in starts}}
    )
    table = together.diff(base)
    return set(table.loc[table["what"] == "lever", "name"])


def _lever_line(name: str, stretches: pd.DataFrame, end: str, language: Language) -> str:
    """Say when and by how much one lever differs."""
    from ...scenarios import lever_catalogue

    lever = lever_catalogue()[name]
    first, last = stretches["from_quarter"].iloc[0], stretches["to_quarter"].iloc[-1]
    if len(stretches) <= MANY_STRETCHES:
        what = say("amounts.semicolon", language).join(
            _stretch(row, end, lever.unit, language) for row in stretches.itertuples()
        )
    elif last == end:
        this, other = (
            level(float(stretches[column].iloc[-1]), lever.unit, language) for column in ("this", "other")
        )
        what = say("scenarios.many_from_on", language, first=first, this=this, other=other)
    else:
        what = say("scenarios.many_from_to", language, first=first, last=last)
    title = title_of(lever, language)
    return say(
        "scenarios.lever",
        language,
        task=task_words(lever.selector, language),
        title=title,
        lever=name,
        what=what,
    )


def _stretch(row: Any, end: str, unit: str, language: Language) -> str:
    this, other = level(row.this, unit, language), level(row.other, unit, language)
    last, first = row.to_quarter, row.from_quarter
    key = (
        "scenarios.from_on"
        if last == end
        else "scenarios.in_quarter"
        if last == first
        else "scenarios.from_to"
    )
    return say(key, language, first=first, last=last, this=this, other=other)


def cost_lines(scenario: Scenario, base: Scenario, language: Language) -> Iterator[str]:
    """Say by year what is declared above no_plan, what more that is than the base's, and what is not known.

    Money is in million yuan in English, in ten thousand yuan in Chinese.
    """
    from ...scenarios import costs_known_by_running_only, declared_costs, load

    mine, theirs = declared_costs(scenario), declared_costs(base)
    divisor = 1e4 if language == "zh" else 1e6
    unknown = costs_known_by_running_only(scenario)
    against = base.hash != load("no_plan").hash
    years = sorted({*mine["year"], *theirs["year"]} if against else {*mine["year"]})
    if years:
        yield say("scenarios.costs_heading", language)
        heads = ["year", "budget", "administration", "sum", *(["more_than"] if against else [])]
        rows = [[say(f"scenarios.cost_column_{head}", language, base=base.name) for head in heads]]
        for year in years:
            here, there = mine[mine["year"] == year], theirs[theirs["year"] == year]
            rows.append(_cost_row(str(year), here, there, divisor))
        rows.append(_cost_row(say("scenarios.total", language), mine, theirs, divisor))
        yield from (f"  {'  '.join(row[: len(heads)])}" for row in _aligned(rows))
    else:
        yield say("scenarios.no_cost", language)
    if unknown:
        yield say("scenarios.by_running", language, levers=", ".join(unknown))
    elif years:
        yield say("scenarios.by_running_nothing", language)


def _cost_row(head: str, mine: pd.DataFrame, theirs: pd.DataFrame, divisor: float) -> list[str]:
    budget, administration = float(mine["budget"].sum()), float(mine["administration"].sum())
    other = float(theirs["budget"].sum()) + float(theirs["administration"].sum())
    both = budget + administration
    return [head, *(number(value / divisor) for value in (budget, administration, both, both - other))]


def _aligned(rows: list[list[str]]) -> Iterator[list[str]]:
    """Pad cells to the width of their column, a Chinese sign counting as two."""

    def width(text: str) -> int:
        return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)

    columns = range(min(len(row) for row in rows))
    widths = [max(width(row[column]) for row in rows) for column in columns]
    for row in rows:
        yield [" " * (widths[column] - width(row[column])) + row[column] for column in columns]
