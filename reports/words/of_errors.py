"""Errors as one line in the language of whoever reads it."""

from __future__ import annotations

from ...engine.errors import InputError, LastStepError, TransferError
from .phrases import Language, say
from .translated import translated

__all__ = ["error_line"]


def error_line(error: BaseException, language: Language) -> str:
    """Put an error into one line: in English as it is, in another language by the catalogues.

    Examples
    --------
    >>> refused = InputError("unknown key 'levrs'", key="levrs", file="a.yaml", line=2, suggestion="levers")
    >>> error_line(refused, "zh")
    "a.yaml:2: levrs：未知的条目 'levrs'；是否应为 levers？"
    """
    if language == "en":
        return str(error)
    if isinstance(error, InputError):
        return _refusal(error, language)
    if isinstance(error, LastStepError):
        kind = "" if isinstance(error.error, TransferError) else f"{type(error.error).__name__}: "
        why = f"{kind}{error_line(error.error, language)}"
        what = translated(error.what, language)
        return say("refusals.last_step", language, what=what, why=why, command=error.again)
    return translated(str(error), language)


def _refusal(error: InputError, language: Language) -> str:
    place = ":".join(str(one) for one in (error.file, error.line, error.column) if one is not None)
    parts = [translated(error.problem, language)]
    if error.allowed:
        parts.append(say("refusals.allowed", language, allowed=translated(error.allowed, language)))
    if error.suggestion:
        parts.append(say("refusals.suggestion", language, suggestion=translated(error.suggestion, language)))
    key = f"{error.key}{say('amounts.colon', language)}" if error.key else ""
    line = f"{place}: " * bool(place) + key + say("amounts.semicolon", language).join(parts)
    return " ".join(line.split())
