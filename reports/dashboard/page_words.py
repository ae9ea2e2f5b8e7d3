"""The words of the page, each asked for by its key, for the templates."""

from __future__ import annotations

from ..words.phrases import Language, say

__all__ = ["words_of_answer", "words_of_page"]


def words_of_page(language: Language) -> dict[str, str]:
    """Give what stands on the page whatever is asked."""
    return {
        "subtitle": say("dashboard.subtitle", language),
        "other_language": say("dashboard.this_language", "en" if language == "zh" else "zh"),
        "copy_link": say("dashboard.copy_link", language),
        "copied": say("dashboard.copied", language),
        "downloads": say("dashboard.downloads", language),
        "download_scenario": say("dashboard.download_scenario", language),
        "download_tables": say("dashboard.download_tables", language),
        "download_brief": say("dashboard.download_brief", language),
        "download_document": say("dashboard.download_document", language),
        "levers": say("dashboard.levers", language),
        "scenario": say("dashboard.scenario", language),
        "overlays": say("dashboard.overlays", language),
        "province": say("dashboard.province", language),
        "more_settings": say("dashboard.more_settings", language),
        "belief": say("dashboard.belief", language),
        "seed": say("dashboard.seed", language),
        "reset": say("dashboard.reset", language),
        "changed_levers": say("dashboard.changed_levers", language, count="#"),
        "words_of_plan": say("dashboard.words_of_plan", language),
        "declared": say("dashboard.declared", language, amount=""),
        "declared_costs": say("dashboard.declared_costs", language),
        "as_planned": say("dashboard.as_planned", language),
        "as_without": say("dashboard.as_without", language),
        "refused": say("dashboard.refused", language),
        "lost": say("dashboard.lost", language),
        "colon": say("amounts.colon", language),
        "waiting": say("dashboard.waiting", language),
        "tab_reading": say("dashboard.tab_reading", language),
        "tab_fans": say("dashboard.tab_fans", language),
        "tab_differences": say("dashboard.tab_differences", language),
        "tab_cities": say("dashboard.tab_cities", language),
        "tab_ranking": say("dashboard.tab_ranking", language),
        "tab_story": say("dashboard.tab_story", language),
        "picture_wait": say("dashboard.picture_wait", language),
        "ranking_target": say("dashboard.ranking_target", language),
        "story_intro": say("dashboard.story_intro", language),
        "story_future": say("dashboard.story_future", language),
        "story_ask": say("dashboard.story_ask", language),
        "story_wait": say("dashboard.story_wait", language),
    }


def words_of_answer(language: Language) -> dict[str, str]:
    """Give what stands around the numbers of an answer."""
    return {
        "chance": say("dashboard.chance", language),
        "reached_in_year": say("dashboard.reached_in_year", language),
        "difference": say("dashboard.difference", language),
        "costs": say("dashboard.costs", language),
        "reading_intro": say("dashboard.reading_intro", language),
        "notes": say("dashboard.notes", language),
        "not_own_plan": "",
    }
