"""Which packages are tried next: NSGA-II of Optuna, generation by generation, a function of the seed.

Nothing of it is kept on the disk. Asked again with the same seed and told the same figures it proposes the
same packages, and what was run for them lies in the experiment's folder: so a search is taken up again.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from ...engine.errors import InputError

__all__ = ["Proposals", "check_library"]


def check_library() -> None:
    """Refuse a search, before anything is run, where the library that proposes packages is missing."""
    if find_spec("optuna") is None:
        raise InputError(
            "the library optuna is missing",
            key="search",
            allowed="with the extra: pip install 'shaanxi-transfer[search]'",
        )


class Proposals:
    """Proposes packages by whole steps, and learns what they came to.

    Parameters
    ----------
    bounds : sequence of (int, int)
        Least and largest step of each lever.
    first : sequence of sequence of int
        Packages of the first generation.
    generation : int
        Packages in each.
    seed : int
        Any whole number; its last 32 bits count.
    """

    def __init__(
        self,
        bounds: Sequence[tuple[int, int]],
        first: Sequence[Sequence[int]],
        generation: int,
        seed: int,
    ) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        sampler = optuna.samplers.NSGAIISampler(population_size=generation, seed=seed % 2**32)
        self._study = optuna.create_study(directions=["minimize", "minimize"], sampler=sampler)
        self._axes: dict[str, optuna.distributions.BaseDistribution] = {
            f"{place:02d}": optuna.distributions.IntDistribution(low, high)
            for place, (low, high) in enumerate(bounds)
        }
        self._failed = optuna.trial.TrialState.FAIL
        for steps in first:
            self._study.enqueue_trial(dict(zip(self._axes, map(int, steps), strict=True)))
        self._generation = generation
        self._asked: list[optuna.Trial] = []

    def ask(self) -> list[tuple[int, ...]]:
        """Propose a generation of packages, by the step of each lever."""
        self._asked = [self._study.ask(self._axes) for _ in range(self._generation)]
        return [tuple(int(trial.params[name]) for name in self._axes) for trial in self._asked]

    def tell(self, values: Sequence[tuple[float, float] | None]) -> None:
        """Say what the proposed packages came to, both the less the better; None for one that cannot be."""
        for trial, both in zip(self._asked, values, strict=True):
            if both is None:
                self._study.tell(trial, state=self._failed)
            else:
                self._study.tell(trial, both)
