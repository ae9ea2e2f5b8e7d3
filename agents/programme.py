"""Support programmes whose real size in the past is not known."""

from __future__ import annotations

from ..engine.rules import rule


@rule
def yearly_level(lever: float, usual: float, reference: float) -> float:
    """How much a programme does a year when its lever stands at ``lever``.

    The lever's history is one figure for all futures, while what really happened is
    uncertain. So the level up to ``reference``, where the lever stood in history,
    stands for ``usual``, which is drawn per future; what a policy adds beyond it is
    added as it is. At 0 nothing happens.

    Parameters
    ----------
    lever : float
        Lever in force, units a year.
    usual : float
        Units a year that happened in history in this future.
    reference : float
        Level of the lever in history.
    """
    return usual * min(lever, reference) / reference + max(0.0, lever - reference)
