"""The pilot of a sensitivity analysis: how much luck there is, and how many futures keep it small."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..keeping.store import FAILURES, RUNS, Store
from ..planning.definitions import Definitions
from .guard import DesignError, Expected, guarded
from .index_tables import is_constant
from .luck_share import LuckShare, futures_needed, luck_share
from .study import MOST_FUTURES, Study

FUTURES: Final = "futures"
"""Entry of the manifest with the number of futures; once chosen it stays, also when taken up again."""

_FEWEST_POINTS: Final = 4


@dataclass(frozen=True)
class Pilot:
    """What the pilot found.

    ``luck`` has by target the share of luck that is foreseen; None if it is the same at all points of the
    pilot. ``capped``: whether more futures would be needed than are run.
    """

    futures: int
    luck: Mapping[str, float | None]
    capped: bool


def look_at_pilot(study: Study, store: Store, definitions: Definitions) -> Pilot:
    """Look at the pilot's runs, choose the number of futures, and note it in the manifest.

    Points at which a run failed are left out: a pilot is no analysis, and the guard refuses such a design at
    the end, when all else has been run. A `DesignError` says that runs are missing that did not fail, or that
    hardly any point is whole.
    """
    failed = set(store.failures()["run_id"]) if (store.folder / FAILURES).exists() else set()
    broken = {run.scenario for run in study.pilot if run.run_id in failed}
    whole = {run.scenario for run in study.pilot} - broken
    if len(whole) < _FEWEST_POINTS:
        raise DesignError(
            f"runs failed at {len(broken)} of {len(broken) + len(whole)} points of the pilot; "
            f"{FAILURES} says why",
            sorted(failed),
        )
    expected = Expected(
        store.folder,
        study.design,
        len({run.future for run in study.pilot}),
        study.options.seed,
        study.question.targets,
        tuple(int(name.rpartition("-")[2]) for name in whole),
    )
    answers = guarded(store.frames(RUNS), expected, definitions)
    found = {
        name: None if is_constant(values) else luck_share(values, study.question.seed)
        for name, values in answers.values.items()
    }
    # A target that no point moves beyond luck asks for no futures: no number would do.
    needed = [futures_needed(luck) for luck in found.values() if luck is not None]
    wanted = max((one for one in needed if one is not None), default=2)
    chosen = study.options.seeds or min(wanted, MOST_FUTURES)
    futures = int(store.manifest().get(FUTURES, chosen))
    foreseen = {name: _foreseen(luck, futures) for name, luck in found.items()}
    store.note(**{FUTURES: futures, "pilot_luck_share": foreseen})
    return Pilot(futures, foreseen, capped=wanted > futures)


def _foreseen(luck: LuckShare | None, futures: int) -> float | None:
    """Share of luck in the variance of the means over so many futures."""
    if luck is None:
        return None
    of_luck = luck.of_luck / futures
    return of_luck / (luck.of_points + of_luck) if of_luck else 0.0
