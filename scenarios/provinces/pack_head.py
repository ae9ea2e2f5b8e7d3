"""The head of a pack, file ``pack.yaml``: what the province is called, and what its data are."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..choosing.schema import LAST_KNOWN
from ..reading.refusals import Places, raise_all, refuse
from ..reading.yaml_with_places import read_yaml

__all__ = ["HEAD_FILE", "Manifest", "read_head"]

HEAD_FILE = "pack.yaml"


class Manifest(BaseModel):
    """The head of a pack, file ``pack.yaml``.

    ``missing`` names the series that lack years which other provinces have, ``limits`` what the
    data cannot carry; both are absent where there is nothing to say. ``source_kinds`` gives the
    kind of sources, by how they begin, that `sources/source_kinds.csv` does not know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(min_length=1)
    name_zh: str = Field(min_length=1)
    capital: str = ""
    capital_zh: str = ""
    plan_written_for: str = ""
    last_year: int = Field(ge=LAST_KNOWN[0], le=LAST_KNOWN[1])
    tables: dict[str, str] = Field(default_factory=dict)
    gaps: str = ""
    missing: dict[str, str] = Field(default_factory=dict)
    limits: str = ""
    source_kinds: dict[str, str] = Field(default_factory=dict)


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
