"""What a fit changed, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .of_scenarios import level
from .phrases import Language, say, title_of

if TYPE_CHECKING:
    from ...experiments.calibrating.against_shipped import GroupChange
    from ...scenarios import Parameter

__all__ = ["group_line"]


def group_line(group: GroupChange, most: Parameter, language: Language, province: str = "") -> str:
    """Say what became of a group of parameters; ``province`` is where ``most`` moved, if there are more."""
    key = "calibrate.group_stays" if not group.moved else "calibrate.group_moves"
    return say(
        f"{key}_in_all" if province else key,
        language,
        group=say(f"mechanisms.{group.mechanism}", language),
        of=group.parameters,
        moved=group.moved,
        title=title_of(most, language),
        province=province,
        before=level(group.before, most.unit, language),
        after=level(group.after, most.unit, language),
        ratio=f"{group.narrower:.2f}",
    )
