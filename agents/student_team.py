"""Teams at universities: a jury gives micro seeds to the best, who may found anyway, never, or because of it.

Intentions are not acts: of researchers who say that they would found a firm 2 to 4 in a hundred
did (CAST 2015). A team founds if what a firm is worth to it exceeds what it costs; a seed bears a
part of this cost, so that only teams between the two thresholds found because of it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.rules import rule
from .venture import LEAST_COST

if TYPE_CHECKING:
    from .inputs import Moment, Parameters

STUDENT_FIRM = luck.mechanism("firm founded on a micro seed")

Keys = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.float64]

PARAMETERS_READ: Final = ("jury_foresight", "student_founding_cost", "student_founding_share")
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


class Seeded(NamedTuple):
    """What became of the teams that applied for a seed in a step.

    Attributes
    ----------
    keys : ndarray of uint64
        Firms that would not be there without a seed.
    places : ndarray of float64
        Uniform draw for where each of them comes from.
    anyway : int
        Winners who would have founded without it.
    refused : int
        Teams that applied and got none.
    """

    keys: Keys
    places: Numbers
    anyway: int
    refused: int


@rule
def team_founds(prospect: float, grant: float, spread: float, parameters: Parameters, now: Moment) -> bool:
    """Whether a firm is worth to a team what it costs, less a grant.

    Without a grant ``student_founding_share`` of teams found: that sets the scale. What the same cost
    means to them is as different as it is for inventors.

    Parameters
    ----------
    prospect : float
        What a firm is worth to the team, as a standard normal number.
    spread : float
        Standard deviation of the logarithm of that worth (`venture.spread_of_gains`).
    """
    cost = parameters.student_founding_cost * now.output_index
    left = max(LEAST_COST, 1.0 - grant / cost)
    usual = luck.normal_quantile(1.0 - parameters.student_founding_share)
    return bool(prospect >= usual + math.log(left) / spread)


@rule
def apply_for_seeds(
    province: np.uint64,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    keys: Keys,
    prospects: Numbers,
    scores: Numbers,
) -> None:
    """Draw the teams that apply in a step, and the score that the jury gives each.

    Parameters
    ----------
    province : int
        Key of the province.
    keys, prospects, scores : ndarray of shape (teams,)
        Filled; the score sees as much of the prospect as juries see of firms (``jury_foresight``).
    """
    seen = parameters.jury_foresight
    noise = math.sqrt(1.0 - seen * seen)
    for k in range(len(keys)):
        keys[k] = luck.child_key(province, STUDENT_FIRM, now.step, k)
        prospects[k] = luck.normal_quantile(luck.uniform(seed, STUDENT_FIRM, keys[k], 0, 0))
        own = luck.normal_quantile(luck.uniform(seed, STUDENT_FIRM, keys[k], 0, 2))
        scores[k] = seen * prospects[k] + noise * own


@rule
def settle_seeds(
    winners: npt.NDArray[np.int64],
    ticket: float,
    spread: float,
    prospects: Numbers,
    parameters: Parameters,
    now: Moment,
    found: npt.NDArray[np.bool_],
) -> int:
    """Let the winners decide with the seed; gives how many would have founded without it.

    Parameters
    ----------
    found : ndarray of bool of shape (winners,)
        Filled with whether each founds because of the seed.
    """
    anyway = 0
    for i in range(len(winners)):
        alone = team_founds(prospects[winners[i]], 0.0, spread, parameters, now)
        anyway += alone
        found[i] = not alone and team_founds(prospects[winners[i]], ticket, spread, parameters, now)
    return anyway


def give_seeds(
    province: np.uint64,
    applicants: int,
    number: int,
    ticket: float,
    spread: float,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> Seeded:
    """Let teams apply, give seeds to those with the best scores, and let these decide.

    Parameters
    ----------
    applicants, number : int
        Teams that apply and seeds of the step.
    ticket, spread : float
        Yuan of a seed, and see :func:`team_founds`.
    """
    keys = np.empty(applicants, dtype=np.uint64)
    prospects, scores = np.empty(applicants), np.empty(applicants)
    apply_for_seeds(province, parameters, now, seed, keys, prospects, scores)
    winners = np.argsort(-scores, kind="stable")[:number]
    found = np.empty(len(winners), dtype=np.bool_)
    anyway = settle_seeds(winners, ticket, spread, prospects, parameters, now, found)
    firms = keys[np.sort(winners[found])]
    places = [luck.draw_uniform(int(seed), int(STUDENT_FIRM), int(key), 0, 1) for key in firms]
    return Seeded(firms, np.array(places), int(anyway), applicants - len(winners))
