"""A scenario changed by words of a command line: ``fund_size=8e9``, ``voucher_budget@2019-Q1=2e7``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from ..engine.errors import InputError
from ..engine.quarters import Quarter
from ..engine.words import say
from .choosing.amounts_in_words import with_amounts
from .reading.likely_meaning import meant_quarter
from .reading.plain_values import plain_value

if TYPE_CHECKING:
    from .scenario import Scenario

__all__ = ["changed_in_words", "changes_of_words"]

_FORM: Final = "NAME=VALUE or LEVER@YYYY-Qn=VALUE, for example fund_size=8e9 or voucher_budget@2019-Q1=2e7"

_OF_MANY: Final = ("levers", "parameters", "outside", "overlays")
"""Fields that hold others, each of which has a name of its own."""


def changes_of_words(words: Sequence[str]) -> dict[str, Any]:
    """Read words as what `Scenario.set` takes; several dates of one lever become one dated path.

    Parameters
    ----------
    words : sequence of str
        ``NAME=VALUE``: a lever, task, parameter or field, and ``plan``, ``no_plan``, a number or a text; or
        ``LEVER@YYYY-Qn=VALUE``, in force from that quarter on.

    Raises
    ------
    InputError
        If a word has another form, or a name is set twice.

    Examples
    --------
    >>> changes_of_words(["fund_size=8e9", "voucher_budget@2019-Q1=2e7", "voucher_budget@2020-Q1=0"])
    {'fund_size': 8000000000.0, 'voucher_budget': {'2019-Q1': 20000000.0, '2020-Q1': 0}}
    >>> changes_of_words(["fund_size=80亿元"])
    {'fund_size': 8000000000.0}
    """
    changes: dict[str, Any] = {}
    for word in words:
        left, equals, right = (part.strip() for part in word.partition("="))
        name, at, date = (part.strip() for part in left.partition("@"))
        if not equals or not name or not right:
            raise InputError(f"{word!r} changes nothing", key="changes", allowed=_FORM)
        if name in _OF_MANY:
            raise InputError(f"{name!r} holds several things", key="changes", allowed=f"one of them: {_FORM}")
        if at:
            try:
                quarter = str(Quarter.parse(date))
            except InputError as error:
                raise InputError(
                    f"{word!r}: {error.problem}", key="changes", allowed=_FORM, suggestion=meant_quarter(date)
                ) from error
            path = changes.setdefault(name, {})
            twice = not isinstance(path, dict) or quarter in path
            if not twice:
                path[quarter] = plain_value(right)
        else:
            twice = name in changes
            changes.setdefault(name, plain_value(right))
        if twice:
            raise InputError(f"{name!r} is set twice", key="changes", allowed="once, or once for each date")
    return dict(with_amounts(changes))


def changed_in_words(scenario: Scenario, words: Sequence[str]) -> Scenario:
    """Change a scenario as words say; its title tells of them, so that no two are shown by one name.

    Raises
    ------
    InputError
        For a word of another form, an unknown name, or a refused value.
    """
    changes = changes_of_words(words)
    if not changes:
        return scenario
    copy = scenario.set(**changes)
    listed = ", ".join(words)
    titles = {
        "title_en": say("scenarios.changed_title", "en", title=scenario.title_en, changes=listed),
        "title_zh": say("scenarios.changed_title", "zh", title=scenario.title_zh, changes=listed),
    }
    return copy.model_copy(update={name: title for name, title in titles.items() if name not in changes})
