"""The units in which the model counts: yuan, years, counts and fractions, never percent."""

from __future__ import annotations

from typing import Final

UNITS: Final[dict[str, str]] = {
    "yuan": "money of the day, whole yuan in every account",
    "yuan/year": "money flow of a year",
    "count": "number of things or organisations",
    "count/year": "number of things or organisations of a year",
    "people": "number of persons",
    "people/year": "persons of a year",
    "person-years": "full-time equivalents of a year",
    "contracts": "number of contracts",
    "contracts/year": "number of contracts of a year",
    "fraction": "share of a whole, between 0 and 1, never percent",
    "multiple": "ratio of two amounts of the same unit, 0 or more",
    "per year": "hazard or growth rate of a year",
    "per person and year": "cases of a year over full-time persons",
    "results/million yuan": "results over R&D of a year in million yuan",
    "firms/billion yuan": "firms founded over R&D in billion yuan",
    "years": "duration",
    "quarters": "duration",
    "km": "distance",
    "ln": "natural logarithm, or a standard deviation on that scale",
    "elasticity": "relative change over relative change",
    "switch": "0 off, 1 on",
    "points": "dimensionless score",
    "key": "64-bit identity made from ancestry",
    "code": "index into a named list",
    "date": "years since the start of the Christian era, for example 2018.25",
}
"""Every unit that a column, a parameter, a lever or an indicator may carry, with its meaning."""
