"""Who lives in the province at the start: first populations that need the tables of the pack."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from ...agents import closing, founding
from ...engine import luck
from ...engine.table import Table
from .space import capital_of, cumulative

if TYPE_CHECKING:
    from ...agents.inputs import Parameters
    from ...agents.rows import EnterpriseRow, GovernmentRow, ProducerRow
    from ...scenarios import Pack

Floats = npt.NDArray[np.float64]

CITY = luck.mechanism("city of an organisation")
FIELD = luck.mechanism("field of an organisation")
SIZE = luck.mechanism("size of an organisation")
VENTURING = luck.mechanism("inclination of an organisation to found firms")

AGE_CELL: Final = 0.25
"""Years; width of a cell of the distribution of ages."""

_OLDEST: Final = 60.0


class AgeDistribution:
    """Ages of firms that enter at a growing rate and leave by the hazards of their age.

    Parameters
    ----------
    parameters : record
        With the exit hazards.
    large : bool
        Large firms leave less often.
    growth : float
        Growth of the number of firms a year.

    Attributes
    ----------
    cumulative : ndarray of float64
        Cumulative distribution of age in cells of :data:`AGE_CELL`.
    entry_rate : float
        Entrants a year for one firm that keep the population growing at ``growth``.
    growth : float
        As given.
    """

    def __init__(self, parameters: Parameters, large: bool, growth: float) -> None:
        weights = np.zeros(round(_OLDEST / AGE_CELL))
        closing.weigh_ages(weights, AGE_CELL, growth, large, parameters)
        self.growth = growth
        self.cumulative = cumulative(weights)
        self.entry_rate = 1.0 / (math.fsum(weights.tolist()) * AGE_CELL)


def settle_enterprises(
    table: Table[EnterpriseRow],
    pack: Pack,
    parameters: Parameters,
    total: int,
    scale: float,
    date: float,
    seed: np.uint64,
    ages: tuple[AgeDistribution, ...],
) -> None:
    """Found the firms of the start.

    Parameters
    ----------
    table : Table
        Enterprises, empty.
    total : int
        Firms at the start.
    scale : float
        Rows for each small firm; large firms are one row each at every scale.
    date : float
        Start of the run.
    ages : tuple of AgeDistribution
        Of small and of large firms.
    """
    large = round(total * parameters.large_firm_share)
    small_rows = max(1, round((total - large) * scale))
    firms = table.extend(large + small_rows)
    founding.found_first_firms(
        firms,
        total,
        large,
        np.uint64(luck.key_of("province", pack.name)),
        capital_of(pack),
        cumulative(pack.cities["firm_share"]),
        cumulative(pack.fields["seller_share"]),
        ages[0].cumulative,
        ages[1].cumulative,
        AGE_CELL,
        date,
        parameters,
        seed,
    )
    table.sort_by_key()


def certified_share(parameters: Parameters, seekers: int, ages: AgeDistribution, in_balance: bool) -> float:
    """Chance to be certified at the start, of a firm for which it pays.

    Parameters
    ----------
    seekers : int
        Firms for which it pays.
    ages : AgeDistribution
        Of small firms, for the rate at which they are replaced.
    in_balance : bool
        True where outside conditions have always been what they are: certificates won
        and lost then balance. Otherwise the number of 2010, when the programme, opened
        in 2008, was still filling up.
    """
    if in_balance:
        lost = -math.log(parameters.certification_renewal) / 3.0 + ages.entry_rate
        return float(parameters.certification_hazard / (parameters.certification_hazard + lost))
    return float(min(1.0, parameters.certified_2010 / max(1, seekers)))


def settle_producers(
    table: Table[ProducerRow],
    kind: str,
    pack: Pack,
    number: int,
    parameters: Parameters,
    classified_share: float,
    seed: np.uint64,
) -> None:
    """Set up the universities, institutes or military units, the named ones first.

    What the pack names keeps its share of the kind's R&D; the rest is divided by
    lognormal sizes, one from each slice of the distribution.

    Parameters
    ----------
    kind : str
        ``university``, ``research_institute`` or ``military_unit``.
    number : int
        Organisations of the kind.
    classified_share : float
        Share of results that is secret.
    """
    named = pack.organisations_of(kind)
    rows = table.extend(number)
    names = [each.id for each in named] + list(range(len(named), number))
    rows["key"] = [luck.key_of(kind, pack.name, name) for name in names[:number]]
    keys = rows["key"].copy()
    rows["city"] = _drawn(cumulative(pack.cities["rd_share"]), seed, CITY, keys)
    rows["field"] = _drawn(cumulative(pack.fields["result_share"]), seed, FIELD, keys)
    ranks = (np.arange(number) + luck.draw_uniforms(int(seed), int(SIZE), keys)) / number
    sizes = np.exp(parameters.organisation_size_ln_sd * ndtri(ranks))
    fixed = np.zeros(number)
    codes = {name: code for code, name in enumerate(pack.cities["city"])}
    for i, each in enumerate(named):
        fixed[i] = 0.0 if math.isnan(each.rd_share) else each.rd_share
        rows[i]["city"] = codes[each.city]
    free = fixed == 0.0
    sizes[free] *= (1.0 - fixed.sum()) / math.fsum(sizes[free]) if free.any() else 1.0
    rows["rd_share"] = np.where(free, sizes, fixed)
    rows["appetite"] = rows["rd_share"]
    rows["project_scale"] = 1.0
    rows["classified_share"] = classified_share
    rows["registered"] = parameters.commission_registered_share * parameters.commission_registered_start
    sd = parameters.venturing_ln_sd
    ranks = luck.draw_uniforms(int(seed), int(VENTURING), keys)
    rows["venturing"] = np.exp(sd * ndtri(ranks) - 0.5 * sd * sd)
    rows["value_scale"] = 1.0
    rows["reputation"] = 1.0
    table.sort_by_key()


def settle_treasuries(table: Table[GovernmentRow], pack: Pack, provincial_share: float) -> None:
    """Set up the provincial treasury and one for each city.

    Parameters
    ----------
    provincial_share : float
        Share of public science spending that the province itself spends.
    """
    rows = table.extend(1 + len(pack.cities))
    shares = pack.cities["fiscal_share"].to_numpy(dtype=np.float64)
    rows["key"] = [luck.key_of("government", pack.name)] + [
        luck.key_of("government", pack.name, city) for city in pack.cities["city"]
    ]
    rows["city"] = [capital_of(pack), *range(len(pack.cities))]
    rows["fiscal_share"] = [provincial_share, *((1.0 - provincial_share) * shares / shares.sum())]
    rows["appetite"] = rows["fiscal_share"]
    rows["project_scale"] = 1.0


def _drawn(
    shares: Floats, seed: np.uint64, mechanism: np.uint64, entities: luck.Words
) -> npt.NDArray[np.int64]:
    """Draw a code for each entity from cumulative shares."""
    draws = luck.draw_uniforms(int(seed), int(mechanism), entities)
    return np.minimum(len(shares) - 1, np.searchsorted(shares, draws, side="right"))
