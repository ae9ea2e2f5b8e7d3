"""Parameters that the model takes as levels of the last year that a pack knows.

They are written down for the last year of the sources. A pack that ends in another year counts them so: a
change of the unit in which the value of the province of measurement is written.
"""

from __future__ import annotations

from typing import Final

from .calendar_of_facts import calendar_of
from .parameter_draws import shared_parameters
from .sources_read import Sources

__all__ = ["FIRMS", "LEVELS", "growth_to_last_year"]

LEVELS: Final = {
    "enterprise_contracts_2017": ("contract_count_output", ""),
    "mean_contract_value_2017": ("contract_value_output", "contract_count_output"),
}
"""Parameters that move with the nation: with this national series, over another."""

FIRMS: Final = "technology_firms_2017"
"""Parameter of which no yearly series exists."""


def growth_to_last_year(parameter: str, sources: Sources, written_for: int | None = None) -> float:
    """Give the factor by which a parameter moves to the last year that is known.

    `LEVELS` move as the nation does, `FIRMS` by the yearly growth that the prior of ``firms_2010_share``
    says; all others stay.

    Parameters
    ----------
    parameter : str
        Id.
    sources : Sources
        Up to the last known year.
    written_for : int, optional
        The year of which the value is; the last one of the facts in the sources by default.

    Raises
    ------
    InputError
        If the nation has no figure.
    """
    written_for = calendar_of(sources)["last_year"] if written_for is None else written_for
    if parameter in LEVELS:
        return sources.national_growth_since(written_for, *LEVELS[parameter])
    if parameter == FIRMS:
        share = shared_parameters()["firms_2010_share"].value
        first = calendar_of(sources)["first_year"]
        return float(share ** ((written_for - sources.last_year) / (written_for - first)))
    return 1.0
