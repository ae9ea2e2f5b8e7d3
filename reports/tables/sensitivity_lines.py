"""What a finished sensitivity analysis says below its table and in a notebook."""

from __future__ import annotations

from pathlib import Path

from ..words.phrases import Language, say

__all__ = ["lines_of"]


def lines_of(folder: Path, language: Language) -> list[str]:
    """Say what a finished analysis found, one sentence a target, and whether its rules are the model's."""
    from ...experiments.sensitivity_analysis.finished_analysis import Sensitivity
    from ..words.sensitivity_sentences import sentences
    from .experiment_folder import definitions_of, own_rules_of

    found = sentences(Sensitivity.read(folder).indices, definitions_of(folder).targets, language)
    own = own_rules_of(folder)
    return [*found.values(), *([say("targets.own_rules", language, rules=", ".join(own))] if own else [])]
