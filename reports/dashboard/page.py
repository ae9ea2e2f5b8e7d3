"""The page and its parts as HTML, in one language; every text is escaped by the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ... import __version__
from ...engine.errors import InputError
from ...scenarios import list_overlays, list_provinces, list_scenarios, load
from ..words.amounts import amount
from ..words.of_errors import error_line
from ..words.of_provinces import province_name
from ..words.phrases import Language, say, title_of
from .answer_view import view_of
from .controls import controls_of, costs_by_task
from .page_words import words_of_answer, words_of_page
from .state import BELIEFS, State, changed_since, world_of

if TYPE_CHECKING:
    from jinja2 import Environment

    from ...scenarios import Scenario
    from .answers import Answer, Limits

__all__ = ["answer_parts", "declared_parts", "page_of", "status_of"]

HERE: Final = Path(__file__).resolve().parent


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page_of(
    state: State,
    marks: Mapping[str, str],
    user: str,
    *,
    problem: str = "",
    ranking: Sequence[tuple[str, str]] = (),
) -> str:
    """Write the page for a state.

    Parameters
    ----------
    state : State
    marks : mapping
        Of the link that was followed; see `state.changed_since`.
    user : str
        Name of this page for as long as it is open.
    problem : str
        Why the link could not be followed, if it could not.
    ranking : sequence of (str, str)
        Targets of a ranking that is shown as well, each with its title.
    """
    language = state.language
    own = world_of(State(state.scenario, state.overlays, state.province, state.belief, state.seed, language))
    world = world_of(state)
    notices = [_changed(name, marks, language) for name in changed_since(marks, world)]
    if problem:
        notices.insert(0, f"{say('dashboard.link_wrong', language)} {problem}")
    template = _environment().get_template("page.html.j2")
    return template.render(
        code="zh-CN" if language == "zh" else "en",
        words=words_of_page(language),
        title=say("dashboard.title_of", language, province=province_name(state.province, language)),
        footer=say("dashboard.footer", language, version=__version__),
        user=user,
        state=state,
        notices=notices,
        projects=controls_of(state, own, world),
        moved=[name for name, _ in state.levers],
        scenarios=_choices(_offered(tuple(list_scenarios())), language),
        overlays=_choices(_offered(tuple(list_overlays()), State.scenario), language),
        provinces=[(one, province_name(one, language)) for one in list_provinces()],
        beliefs=[(one, say(f"dashboard.belief_{one}", language)) for one in BELIEFS],
        ranking=ranking,
    )


def _changed(mark: str, marks: Mapping[str, str], language: Language) -> str:
    return say(f"dashboard.link_{mark}", language, then=marks[mark][:20], now=__version__)


@cache
def _offered(names: tuple[str, ...], over: str = "") -> tuple[Scenario, ...]:
    """Give those scenarios, or overlays ``over`` one, that kept futures can answer, whatever the province."""
    found = []
    for name in names:
        try:
            world_of(State(scenario=over, overlays=(name,)) if over else State(scenario=name))
        except InputError:
            continue
        found.append(load(name))
    return tuple(found)


def _choices(worlds: Sequence[Scenario], language: Language) -> list[tuple[str, str]]:
    return [(world.name, title_of(world, language)) for world in worlds]


def status_of(answer: Answer, limits: Limits, language: Language) -> tuple[str, float]:
    """Say how far an answer is, in words and as a share from 0 to 1."""
    first, last = limits.stages[0], limits.stages[-1]
    if answer.problem:
        return error_line(answer.problem, language), 0.0
    if answer.futures >= last:
        return say("dashboard.done", language, futures=answer.futures), 1.0
    if answer.futures:
        made = max(answer.made, answer.futures)
        text = say("dashboard.sharpening", language, futures=answer.futures, last=last, done=made)
        return text, made / last
    if answer.made:
        return say("dashboard.answering", language, done=answer.made, first=first), answer.made / last
    return say("dashboard.preparing", language, done=min(answer.lived, first), first=first), 0.0


def answer_parts(answer: Answer, language: Language) -> dict[str, str]:
    """Write what an answer says, as the parts of the page that hold it."""
    if answer.results is None:
        return {}
    view = view_of(answer.results, language)
    words = words_of_answer(language)
    if view.written_for:
        name = province_name(view.written_for, language)
        words["not_own_plan"] = say("dashboard.not_own_plan", language, province=name)
    seconds = "" if answer.seconds is None else f"{answer.seconds:.1f}"
    cards = [
        (card, asdict(card.chance), _without(card, language), _spark(card, language)) for card in view.cards
    ]
    template = _environment().get_template("answer.html.j2")
    facts: dict[str, Any] = {
        "view": view,
        "cards": cards,
        "words": words,
        "seconds": say("dashboard.seconds", language, seconds=seconds) if seconds else "",
    }
    return {part: template.render(part=part, **facts) for part in ("cards", "reading")}


def _without(card: Any, language: Language) -> str:
    if card.without is None:
        return ""
    return say("dashboard.without_plan", language, chance=f"{card.without.probability:.2f}")


def _spark(card: Any, language: Language) -> str:
    if card.spark is None:
        return ""
    return say("dashboard.spark_of", language, title=card.title, first=card.spark.first, last=card.spark.last)


def declared_parts(world: Scenario, language: Language) -> dict[str, str]:
    """Give what each task declares to cost, and all together under ``all``, as amounts with their unit.

    A task that is not among them costs ``none``.
    """
    costs = costs_by_task(world)
    found = {task: amount(value, "yuan", language) for task, value in costs.items()}
    nothing = amount(0.0, "yuan", language)
    return {**found, "all": amount(sum(costs.values()), "yuan", language), "none": nothing}
