"""A belief that does not fit the pack of one's own in which it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.errors import InputError

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["belief_in_pack"]


def belief_in_pack(error: InputError, found: Scenario, changes: Mapping[str, str]) -> InputError:
    """Say which belief does not fit which pack, where that is why a scenario cannot move there.

    Parameters
    ----------
    error : InputError
        Why it cannot.
    found : Scenario
    changes : mapping of str to str
        ``province`` and ``belief`` that it was to have.

    Returns
    -------
    InputError
        The same one where the reason is another.
    """
    from ...scenarios.provinces.pack import load_pack
    from ...scenarios.provinces.posterior import posterior_folder

    province = changes.get("province", found.province)
    if error.key != "belief" or not Path(province).is_dir():
        return error
    pack = load_pack(province)
    place = posterior_folder(changes.get("belief", found.belief), pack.name)
    if place is None:
        return error
    return InputError(
        f"the belief in {place.as_posix()} does not fit the pack in {pack.folder.as_posix()}:"
        f" {error.problem}",
        key="belief",
        allowed="a folder of `shaanxi-transfer calibrate` for this pack, or prior",
    )
