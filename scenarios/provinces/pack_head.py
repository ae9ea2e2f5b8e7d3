"""The head of a pack, file ``pack.yaml``: what the province is called, and what its data are."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ...engine.errors import InputError
from ...engine.quarters import Quarter
from ..choosing.pack_years import PackYears, shipped_years
from ..choosing.schema import FROZEN
from ..reading.refusals import FieldProblem, FieldProblems, Places, raise_all, refuse
from ..reading.yaml_with_places import read_yaml

__all__ = ["HEAD_FILE", "Manifest", "read_head"]

HEAD_FILE = "pack.yaml"


FEWEST_KNOWN: Final = 2
"""Years after the first one without which no growth can be told."""


class CountsFrom(BaseModel):
    """Dates, in years, from which trained people are counted, and from which a platform is new."""

    model_config = FROZEN

    training: float = shipped_years().training_from
    platforms: float = shipped_years().platforms_from


class Manifest(BaseModel):
    """The head of a pack, file ``pack.yaml``.

    ``missing`` names the series that lack years which other provinces have, ``limits`` what the
    data cannot carry; both are absent where there is nothing to say. ``source_kinds`` gives the
    kind of sources, by how they begin, that `sources/source_kinds.csv` does not know. Years that it does
    not state are those of the packs that come with the package; see `pack_years.PackYears`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(min_length=1)
    name_zh: str = Field(min_length=1)
    capital: str = ""
    capital_zh: str = ""
    plan_written_for: str = ""
    first_year: int = shipped_years().first
    last_year: int
    levels_of: int = shipped_years().levels_of
    plan_start: str = str(shipped_years().plan_start)
    plan_end: str = str(shipped_years().plan_end)
    counts_from: CountsFrom = CountsFrom()
    tables: dict[str, str] = Field(default_factory=dict)
    gaps: str = ""
    missing: dict[str, str] = Field(default_factory=dict)
    limits: str = ""
    source_kinds: dict[str, str] = Field(default_factory=dict)

    @property
    def years(self) -> PackYears:
        """The years of the pack."""
        return PackYears(
            self.first_year,
            self.last_year,
            self.levels_of,
            Quarter.parse(self.plan_start),
            Quarter.parse(self.plan_end),
            self.counts_from.training,
            self.counts_from.platforms,
        )

    @model_validator(mode="after")
    def _years_in_order(self) -> Self:
        problems = []
        for name in ("plan_start", "plan_end"):
            try:
                Quarter.parse(getattr(self, name))
            except InputError as error:
                problems.append(FieldProblem((name,), error.problem, error.allowed))
        if not self.first_year + FEWEST_KNOWN <= self.last_year:
            allowed = f"{self.first_year + FEWEST_KNOWN} or later, {FEWEST_KNOWN} years after the first"
            problem = f"{self.last_year} leaves no growth to see"
            problems.append(FieldProblem(("last_year",), problem, allowed))
        if not problems and not Quarter.parse(self.plan_start) <= Quarter.parse(self.plan_end):
            problems.append(FieldProblem(("plan_end",), "the plan is over before it starts", self.plan_start))
        if problems:
            raise FieldProblems(problems)
        return self


def read_head(folder: Path) -> tuple[Manifest, Places]:
    """Read the head of a pack, with the place of each entry.

    Raises
    ------
    InputError
        With line and column of every problem.
    """
    document = read_yaml(folder / HEAD_FILE)
    try:
        return Manifest.model_validate(document.data), document.places
    except ValidationError as error:
        raise_all(refuse(error, Manifest, document.places))
        raise
