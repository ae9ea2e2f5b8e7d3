"""The stages of a search: levers that touch goals, packages worth more futures, packages that hold.

Noise is met in three ways. All packages live the same futures, so that a difference is one of policy. Few
futures are spent on each of many packages, and more on the few that are worth it. What was chosen because it
looked good has been lucky, so that nothing is said before it was run in futures that it was not chosen by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from ..effects.packages import ALL, NONE
from ..forecasting.paired_differences import FEWEST_PAIRS, IDENTICAL, MORE, verdict_of
from .outcomes import Outcome, Wish, nondominated
from .proposals import Proposals
from .search_space import STEPS, SearchSpace, Steps

__all__ = ["CHEAPEST", "FEW", "OUT_OF_REACH", "WITHOUT", "Found", "Judge", "find"]

WITHOUT: Final = "without"
CHEAPEST: Final = "cheapest"
OUT_OF_REACH: Final = "out_of_reach"

FEW: Final = 20
"""Futures in which each of many packages is looked at."""

GENERATION: Final = 40
_PROMISING: Final = 16
_NEIGHBOURS_OF: Final = 3
_ROUNDS: Final = 4
_MOST_AROUND: Final = 120
"""Neighbours that are looked at in a round."""

_HEIGHTS: Final = (STEPS, 6, 3)


class Judge(Protocol):
    """What packages come to in some futures; runs what nobody ran before."""

    def __call__(self, packages: Sequence[str], futures: Sequence[int]) -> dict[str, Outcome]:
        """Give the outcomes by package; one that has none is left out."""


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes
    ----------
    answer : str
        `WITHOUT`, `CHEAPEST` or `OUT_OF_REACH`.
    package : str
        The one that answers; out of reach the one with the best chance that can be had.
    searched : mapping of str to Outcome
        Packages that were confirmed, in the futures by which they were chosen.
    confirmed : mapping of str to Outcome
        The same in fresh futures; the front, no plan and the scenario as it is.
    touching : tuple of str
        Levers that touch a goal in any future.
    further : mapping of str to str
        For each lever of the package the package in which it goes on to its bound, itself if it is there.
    saturated : tuple of str
        Levers of which more does not visibly bring more of any goal; with fewer futures than are needed to
        see anything only those of which more changes no goal at all.
    tried : int
        Packages that were looked at.
    """

    answer: str
    package: str
    searched: Mapping[str, Outcome]
    confirmed: Mapping[str, Outcome]
    touching: tuple[str, ...]
    further: Mapping[str, str]
    saturated: tuple[str, ...]
    tried: int


def find(space: SearchSpace, judge: Judge, wish: Wish) -> Found:
    """Search the cheapest package that reaches the goals with the wished chance, and confirm it."""
    futures, fresh = range(wish.runs), range(wish.runs, 2 * wish.runs)
    few = range(min(wish.runs, FEW))
    plain = judge([NONE, ALL], futures)
    if wish.granted(plain[NONE]):
        confirmed = judge([NONE, ALL], fresh)
        if wish.granted(confirmed[NONE]):
            return Found(WITHOUT, NONE, plain, confirmed, (), {}, (), 2)
    search = _Search(space, judge, few)
    search.screen()
    if search.touching:
        search.evolve(wish)
        search.look_around(wish)
    promising = _near(nondominated(list(search.seen.values())), wish)
    searched = {**plain, **judge([one.package for one in promising], futures)}
    front = nondominated([one for one in searched.values() if one.package != ALL])
    confirmed = judge([*dict.fromkeys([NONE, ALL, *(one.package for one in front)])], fresh)
    answer, package = _chosen(searched, confirmed, wish)
    further, saturated = search.further(space.steps(package) if package != ALL else space.nothing)
    names = tuple(space.axes[place].lever for place in search.touching)
    return Found(answer, package, searched, confirmed, names, further, saturated, len(search.seen))


def _chosen(searched: Mapping[str, Outcome], confirmed: Mapping[str, Outcome], wish: Wish) -> tuple[str, str]:
    """Give the cheapest package that does what was asked for, or else the best that can be had.

    It has to do so in both lots of futures: the cheapest of many that did in the fresh ones alone would be
    the luckiest there. The best one is chosen by the first lot, so that the second tells of it without bias.
    """
    both = [name for name in confirmed if name in searched]
    granted = [name for name in both if wish.granted(searched[name]) and wish.granted(confirmed[name])]
    if granted:
        package = min(granted, key=lambda name: (confirmed[name].net, name))
        return WITHOUT if package == NONE else CHEAPEST, package
    affordable = [searched[name] for name in both if wish.affords(searched[name])]
    return OUT_OF_REACH, max(affordable, key=lambda one: (one.score, -one.net)).package


def _near(front: Sequence[Outcome], wish: Wish) -> list[Outcome]:
    """Choose of a front the ends, and what lies nearest to what is wished."""
    if len(front) <= _PROMISING:
        return list(front)
    inner = sorted(front[1:-1], key=lambda one: (abs(one.chance - wish.chance), one.net))
    return [front[0], *inner[: _PROMISING - 2], front[-1]]


class _Search:
    """Packages in few futures: what was seen, and which levers touch a goal."""

    def __init__(self, space: SearchSpace, judge: Judge, few: Sequence[int]) -> None:
        self.space, self._judge, self._few = space, judge, few
        self.seen: dict[str, Outcome] = {}
        self.touching: list[int] = []
        self._best: Steps = space.nothing
        self._worth: dict[int, float] = {}

    def look(self, packages: Sequence[Steps]) -> dict[Steps, Outcome]:
        """Judge packages; those that break a constraint are not run."""
        allowed = [steps for steps in dict.fromkeys(packages) if self.space.allowed(steps)]
        names = {steps: self.space.name(steps) for steps in allowed}
        new = [name for name in names.values() if name not in self.seen]
        if new:
            self.seen |= self._judge(new, self._few)
        return {steps: self.seen[name] for steps, name in names.items() if name in self.seen}

    def screen(self) -> None:
        """Find the levers that touch a goal: each alone, then each beside the best ends of those found."""
        for beside in (self.space.nothing, None):
            base = self._best if beside is None else beside
            left = [place for place in range(len(self.space.axes)) if place not in self.touching]
            pairs = {place: [*self._ends(place, base)] for place in left}
            wanted = [steps for both in pairs.values() for pair in both for steps in pair]
            looked = self.look([base, *wanted])
            if base not in looked:
                return
            for place, both in pairs.items():
                self._judge_ends(place, [(a, b) for a, b in both if a in looked and b in looked], looked)
            self.touching.sort()

    def _judge_ends(
        self, place: int, pairs: Sequence[tuple[Steps, Steps]], looked: Mapping[Steps, Outcome]
    ) -> None:
        """Take a lever in if an end of it moves a goal in any future, and keep its better end."""
        moved = [(a, b) for a, b in pairs if not np.array_equal(looked[a].levels, looked[b].levels)]
        if not moved:
            return
        self.touching.append(place)
        with_it, without = max(moved, key=lambda pair: looked[pair[0]].score - looked[pair[1]].score)
        gain = looked[with_it].score - looked[without].score
        if gain > 0.0:
            cost = max(looked[with_it].net - looked[without].net, 0.0)
            self._worth[place] = gain / cost if cost else np.inf
            best = list(self._best)
            best[place] = with_it[place]
            self._best = tuple(best)

    def _ends(self, place: int, base: Steps) -> Iterator[tuple[Steps, Steps]]:
        """Give a lever at each end, or as near it as constraints allow, beside the same without it."""
        axis = self.space.axes[place]
        without = list(base)
        without[place] = 0
        for other, partner in enumerate(self.space.axes):
            if partner.lever == axis.partner and not without[other]:
                without[other] = partner.ends[-1]
        for end in axis.ends:
            for step in range(end, 0, -1 if end > 0 else 1):
                steps = (*without[:place], step, *without[place + 1 :])
                if self.space.allowed(steps):
                    yield steps, tuple(without)
                    break

    def evolve(self, wish: Wish) -> None:
        """Let packages of the levers that touch a goal compete by cost and score."""
        axes = [self.space.axes[place] for place in self.touching]
        bounds = [(min(axis.ends[0], 0), max(axis.ends[-1], 0)) for axis in axes]
        first = [[steps[place] for place in self.touching] for steps in self._first(wish.seed)]
        generation = min(GENERATION, wish.tried)
        proposals = Proposals(bounds, first[:generation], generation, wish.seed)
        for _ in range(round(wish.tried / generation)):
            asked = [self._whole(steps) for steps in proposals.ask()]
            looked = self.look(asked)
            proposals.tell([(looked[s].net, -looked[s].score) if s in looked else None for s in asked])

    def _whole(self, steps: Sequence[int]) -> Steps:
        found = list(self.space.nothing)
        for place, step in zip(self.touching, steps, strict=True):
            found[place] = int(step)
        return tuple(found)

    def _first(self, seed: int) -> list[Steps]:
        """Give the first generation: nothing, the levers of most worth for their cost, and some by lot."""
        order = sorted(self._worth, key=lambda place: (-self._worth[place], place))
        found = [self.space.nothing]
        for height in _HEIGHTS:
            part = {place: self._partly(place, height) for place in order}
            for count in dict.fromkeys(np.linspace(len(order), 1, 8).round().astype(int).tolist()):
                found.append(self._whole([part[p] if p in order[:count] else 0 for p in self.touching]))
        luck = np.random.default_rng([seed, len(self.touching)])
        while len(found) < GENERATION:
            chosen = luck.random(len(self.touching)) < luck.uniform(0.1, 0.6)
            ends = [
                self.space.axes[place].ends[luck.integers(len(self.space.axes[place].ends))]
                for place in self.touching
            ]
            found.append(
                self._whole(
                    [
                        int(round(end * luck.random())) if some else 0
                        for end, some in zip(ends, chosen, strict=True)
                    ]
                )
            )
        return found[:GENERATION]

    def _partly(self, place: int, height: int) -> int:
        end = self._best[place]
        return int(np.sign(end)) * min(abs(end), height)

    def look_around(self, wish: Wish) -> None:
        """Look at neighbours of packages near what is wished: a lever left out, a step less, a step moved."""
        for _ in range(_ROUNDS):
            front = _near(nondominated(list(self.seen.values())), wish)
            granted = [one for one in front if one.chance >= wish.chance] or front[::-1]
            some = [self.space.steps(one.package) for one in granted[:_NEIGHBOURS_OF]]
            wanted = [*(less for steps in some for less in self._less(steps)), *self._exchanged(some[0])]
            new = [steps for steps in dict.fromkeys(wanted) if self.space.name(steps) not in self.seen]
            if not self.look(new[:_MOST_AROUND]):
                return

    def _less(self, steps: Steps) -> Iterator[Steps]:
        """Leave out each lever of a package, or take a step less of it."""
        for place, step in enumerate(steps):
            for less in dict.fromkeys([0, step - int(np.sign(step))]) if step else ():
                yield (*steps[:place], less, *steps[place + 1 :])

    def _exchanged(self, steps: Steps) -> Iterator[Steps]:
        """Take a step less of one lever of a package and a step more of another one."""
        moved = [place for place in self.touching if steps[place]]
        for less in moved:
            for more in moved:
                found = list(steps)
                found[less] -= int(np.sign(steps[less]))
                found[more] += int(np.sign(steps[more]))
                ends = self.space.axes[more].ends
                if more != less and min(0, *ends) <= found[more] <= max(0, *ends):
                    yield tuple(found)

    def further(self, steps: Steps) -> tuple[dict[str, str], tuple[str, ...]]:
        """Take each lever of a package on to its bound, and say of which more brings nothing visible."""
        goes_on: dict[str, str] = {}
        pairs: list[tuple[str, Steps]] = []
        for place, step in enumerate(steps):
            if not step:
                continue
            axis = self.space.axes[place]
            end = next(end for end in axis.ends if (end > 0) == (step > 0))
            onward = (*steps[:place], end, *steps[place + 1 :])
            if step != end and self.space.allowed(onward):
                pairs.append((axis.lever, onward))
            else:
                goes_on[axis.lever] = self.space.name(steps)
        looked = self.look([steps, *(onward for _, onward in pairs)])
        saturated = []
        for lever, onward in pairs:
            if onward not in looked or steps not in looked:
                continue
            goes_on[lever] = self.space.name(onward)
            moved = looked[onward].levels - looked[steps].levels
            verdicts = {verdict_of(moved[:, goal]) for goal in range(moved.shape[1])}
            if verdicts == {IDENTICAL} or (len(moved) >= FEWEST_PAIRS and MORE not in verdicts):
                saturated.append(lever)
        return goes_on, tuple(saturated)
