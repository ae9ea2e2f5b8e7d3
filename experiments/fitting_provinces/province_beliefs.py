"""What is believed of a province before its own figures are looked at.

Behaviour is shared: it comes from a posterior of the province that was calibrated in full (`SHARED_FROM`), as
draws. What belongs to a province is open again: the parameters of its pack, and those of `REOPENED`, from
their priors. That posterior must not know more than is known at the origin, which is asked of its head; the
pack is the one that there would have been (`scenarios.earlier_packs`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from ...engine.errors import InputError
from ..calibrating.ensemble_runs import values_in
from ..calibrating.smoother import FARTHEST
from ..planning.definitions import LAST_YEAR
from .linear_update import Normal

if TYPE_CHECKING:
    from ...scenarios import Parameter, Scenario
    from ...scenarios.provinces.posterior import Posterior

Numbers = npt.NDArray[np.float64]

SHARED_FROM: Final = "shaanxi"
"""The province whose posterior gives behaviour; where it is forecast itself, its priors are taken, for its
figures would count twice."""

REOPENED: Final = (
    "registered_share_2010",
    "registration_hazard",
    "registration_hazard_before_market_factor",
    "commission_registered_start",
    "commission_registered_share",
    "outside_count_elasticity",
    "mean_growth_beyond_national",
    "local_share",
)
"""Shared by their definition, but differing from place to place: who registers and since when, how far
demand elsewhere carries over, growth of the mean, and what is bought at home."""

MOVED: Final = (
    "enterprise_contracts_2017",
    "mean_contract_value_2017",
    "technology_firms_2017",
    "rd_share_university",
    "rd_share_institute",
    "rd_share_military",
    "import_share",
    "import_mean_value_ratio",
    *REOPENED,
    "entry_threshold",
    "registration_size_power",
    "registration_elsewhere_2017",
    "firm_size_ln_sd",
    "firm_mean_revenue",
    "firm_cash_ratio",
    "firms_2010_share",
    "value_size_power",
    "matching_size_power",
    "contract_value_ln_sd",
    "government_need_share",
    "outside_mean_elasticity",
    "commission_local_share",
    "commission_intensity_university",
    "commission_intensity_institute",
    "commission_intensity_military",
    "commission_mean_value_institute",
    "commission_mean_value_university",
)
"""Parameters that the four series of contracts move, of all that the screen of Shaanxi saw (`screening`):
those of loans, fund, platforms and certification have no figure here, and stay what they are drawn as."""


@dataclass(frozen=True)
class Beliefs:
    """Beliefs of one province at one origin.

    ``parameters`` are the shared ones with the province's over them, as known at the origin; ``prior`` is of
    the positions of `MOVED`. ``carried`` names further shared parameters that the posterior drew,
    ``carried_values`` (draws, carried) holds their draws, each in its unit. All others stay at their priors.
    """

    parameters: Mapping[str, Parameter]
    prior: Normal
    carried: tuple[str, ...]
    carried_values: Numbers

    def values(self, positions: Numbers, seed: int) -> dict[str, Numbers]:
        """Give moved and carried parameters in each draw, in their units, from positions (draws, moved).

        ``seed`` chooses the draws of what is carried.
        """
        table = values_in(self.parameters, MOVED, positions)
        rows = np.random.default_rng([seed, len(positions)]).integers(
            0, max(1, len(self.carried_values)), len(positions)
        )
        found = {name: table[:, column] for column, name in enumerate(MOVED)}
        found |= {name: self.carried_values[rows, column] for column, name in enumerate(self.carried)}
        return {name: _inside(self.parameters[name], values) for name, values in found.items()}


def shared_posterior(
    folder: Path | None,
    origin: int,
    fits: Path | None = None,
    *,
    pack: str = SHARED_FROM,
    last_year: int = LAST_YEAR,
) -> Posterior | None:
    """Find the posterior of `SHARED_FROM` that may be known at an origin; None where priors have to do.

    ``folder`` is one of `backtest`, which keeps ``origin_YYYY``, or None for priors; for the ``last_year``
    that is known the posterior is that in the folder ``fits`` of all provinces, or comes with the package.
    ``pack`` is its province's, by name or folder. Refuses one that is missing, of another province, or that
    knows of later years.
    """
    from ...scenarios import load_pack, shared_parameters
    from ...scenarios.provinces.posterior import HEAD_FILE, posterior_folder, read_posterior

    if origin == last_year:
        fitted = None if fits is None else fits / SHARED_FROM
        if fitted is not None and (fitted / HEAD_FILE).is_file():
            place: Path | None = fitted
        else:
            place = posterior_folder("posterior", SHARED_FROM)
    else:
        place = None if folder is None else folder / f"origin_{origin}"
    if place is None:
        return None
    found = read_posterior(place, {**shared_parameters(), **load_pack(pack).parameters})
    if place == posterior_folder("posterior", SHARED_FROM) and found.head.observed_until > origin:
        raise InputError(
            f"what provinces share is learnt from {SHARED_FROM}, and the posterior of it that comes with the"
            f" package knows {found.head.observed_until}, when the packs end with {origin}",
            key="provinces",
            allowed=f"with {SHARED_FROM} among them, which is fitted first",
        )
    if found.head.province != SHARED_FROM or found.head.observed_until > origin:
        raise InputError(
            f"the posterior is of {found.head.province} and knows {found.head.observed_until}",
            key="shared",
            file=place / HEAD_FILE,
            allowed=f"a posterior of {SHARED_FROM} that knows nothing after {origin}",
        )
    return found


def beliefs_of(world: Scenario, shared: Posterior | None) -> Beliefs:
    """Put together what is believed of a province before its figures.

    The world has the pack of the origin; ``shared`` is not looked at for `SHARED_FROM` itself.
    """
    pack = world.pack()
    parameters = world.parameters_before_overrides()
    open_again = {*pack.parameters, *REOPENED}
    learnt: tuple[str, ...] = ()
    draws = np.empty((0, 0))
    if shared is not None and pack.name != SHARED_FROM:
        kept = [column for column, name in enumerate(shared.names) if name not in open_again]
        learnt, draws = tuple(shared.names[column] for column in kept), shared.values[:, kept]
    carried = tuple(name for name in learnt if name not in MOVED)
    columns = [learnt.index(name) for name in carried]
    return Beliefs(parameters, _prior(parameters, learnt, draws), carried, draws[:, columns])


def _prior(parameters: Mapping[str, Parameter], learnt: Sequence[str], draws: Numbers) -> Normal:
    """Give standard normal positions, but those of the draws where a parameter was learnt elsewhere."""
    from ...scenarios.provinces.parameter_draws import probability

    mean, covariance = np.zeros(len(MOVED)), np.eye(len(MOVED))
    shared = [name for name in MOVED if name in learnt]
    if shared:
        shares = np.array(
            [[probability(parameters[name], x) for x in draws[:, learnt.index(name)]] for name in shared]
        )
        positions = np.clip(ndtri(np.clip(shares, 0.0, 1.0)), -FARTHEST, FARTHEST)
        places = [MOVED.index(name) for name in shared]
        mean[places] = positions.mean(axis=1)
        covariance[np.ix_(places, places)] = np.cov(positions).reshape(len(shared), len(shared))
    return Normal(mean, covariance)


def _inside(parameter: Parameter, values: Numbers) -> Numbers:
    """Keep values off the ends of what is allowed, by so little that nine digits still tell them apart."""
    from ...scenarios.provinces.parameter_draws import quantile

    if parameter.distribution == "fixed":
        return values
    low, high = quantile(parameter, 1e-9), quantile(parameter, 1.0 - 1e-9)
    inside = 1e-7 * (high - low)
    return np.clip(values, low + inside, high - inside)
