"""What the numbers of a forecast rest on, in the sentences that stand below its tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..words.phrases import Language, say

if TYPE_CHECKING:
    from .experiment_folder import Results

__all__ = ["caveats"]


def caveats(results: Results, language: Language) -> Iterator[str]:
    """Say what was left out, what parameters were drawn from, and what of it is no longer of today."""
    if results.without:
        yield say("forecast.left_out", language, parts=", ".join(results.without))
    yield say(f"forecast.belief_{results.belief}", language)
    if results.forecaster != "model":
        yield say(f"forecast.level_{results.forecaster}", language)
    if results.of_other_rules:
        yield say("forecast.other_rules", language)
    if not results.reconciled:
        yield say("forecast.not_reconciled", language)
