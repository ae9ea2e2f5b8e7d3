"""The words of the page in one language; gaps in them are filled in the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..words.of_provinces import province_name
from ..words.phrases import Language, say, title_of

if TYPE_CHECKING:
    from ...experiments.emulating.carry_out import Emulation

__all__ = ["words_of_page"]

_LEVELS: Final = (
    "virtually_certain", "very_likely", "likely", "more_likely", "even", "open",
    "more_unlikely", "unlikely", "very_unlikely", "exceptionally_unlikely",
)  # fmt: skip


def named_levers(done: Emulation) -> tuple[str, ...]:
    """Give the levers that were named by whoever made the page; none if they were chosen by a rule."""
    options: Any = done.study.options
    found: tuple[str, ...] = options.lever
    return found


def words_of_page(done: Emulation, language: Language) -> dict[str, str]:
    """Give every text of the page, with the numbers of the emulator where they do not change."""
    worlds, scenario = done.points, done.study.scenario
    levels = {f"level_{one}": say(f"brief.level_{one}", language) for one in _LEVELS}
    written_for = scenario.pack().manifest.plan_written_for
    other = any(one.kind == "chance" for one in done.outputs)
    return {
        "title": say("simulator.title_of", language, province=province_name(scenario.province, language)),
        "subtitle": say("simulator.subtitle", language, scenario=title_of(scenario, language)),
        "other_language": say("dashboard.this_language", "en" if language == "zh" else "zh"),
        "copy_link": say("dashboard.copy_link", language),
        "copied": say("dashboard.copied", language),
        "levers": say("dashboard.levers", language),
        "plan": say("simulator.plan", language),
        "plan_hint": say("simulator.plan_hint", language, levers=len(worlds.axes)),
        "reset": say("simulator.reset", language),
        "as_planned": say("dashboard.as_planned", language),
        "as_without": say("dashboard.as_without", language),
        "exact": say("simulator.exact", language, lever="{lever}"),
        "goal": say("dashboard.goal", language, goal="{goal}", year="{year}"),
        "chance": say("dashboard.chance", language),
        "between": say("simulator.between", language, low="{low}", high="{high}"),
        "reached": say("dashboard.reached_in_year", language),
        "difference": say("simulator.difference", language),
        "band": say("simulator.band", language, low="{low}", high="{high}"),
        "band_short": say("dashboard.band", language, low="{low}", high="{high}"),
        "error": say("simulator.error", language, error="{error}"),
        "as_run": say("simulator.as_run", language, futures=len(done.statistics.futures)),
        "emulated": say("simulator.emulated", language),
        "more": say("simulator.more", language),
        "less": say("simulator.less", language),
        "not_visible": say("simulator.not_visible", language),
        "identical": say("simulator.identical", language),
        "too_wide": say("simulator.too_wide", language),
        "costs": say("simulator.costs", language),
        "path_of": say("simulator.path_of", language),
        "years": say("simulator.years", language),
        "year": say("simulator.year", language),
        "median": say("simulator.median", language),
        "low": say("simulator.low", language),
        "high": say("simulator.high", language),
        "no_plan": say("simulator.no_plan", language),
        "fan_of": say("simulator.fan_of", language, title="{title}", first="{first}", last="{last}"),
        "goal_line": say("simulator.goal_line", language),
        "band_legend": say("simulator.band_legend", language),
        "error_head": say("simulator.error_head", language),
        "legend_error": say("simulator.legend_error", language),
        "said": say("simulator.said", language, targets="{targets}", likely="{likely}", open="{open}"),
        "said_alone": say("simulator.said_alone", language),
        "contradict": say("simulator.contradict", language, one="{one}", other="{other}"),
        "link_wrong": say("simulator.link_wrong", language, names="{names}"),
        "command": say("simulator.command", language),
        "notes": say("dashboard.notes", language),
        "note_made": say(
            "simulator.note_made",
            language,
            futures=len(done.statistics.futures),
            points=len(worlds.fitted),
            tests=len(worlds.held_back),
        ),
        "note_error": say("simulator.note_error", language),
        "note_wide": say("simulator.note_wide", language),
        "note_levers": say("simulator.note_levers_named", language)
        if named_levers(done)
        else say("simulator.note_levers", language),
        "note_trust": say("simulator.note_trust", language),
        "note_other": ""
        if other or not written_for
        else say("dashboard.not_own_plan", language, province=province_name(written_for, language)),
        "no_script": say("simulator.no_script", language),
        "colon": say("amounts.colon", language),
        **levels,
    }
