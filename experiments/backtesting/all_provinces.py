"""What is known of all provinces together, for the forecaster that needs more than one of them.

A rival of `rivals` is handed the past of one province. The share layer learns from all provinces and stands
on the nation's forecast; it is handed this, which cuts every series at the origin before anything is learnt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...model.state.national_forecast import national_forecast
from ...scenarios.places import SOURCES_FOLDER
from ...scenarios.provinces.national_series import NATION_FILE, national_series
from ...scenarios.provinces.pack_head import HEAD_FILE
from ...scenarios.provinces.packs_from_panel import PANEL_FOLDER
from .share_layer import Design, ShareLayer, share_layer
from .share_past import Figures, figures_of_packs

if TYPE_CHECKING:
    from ...scenarios import Pack

__all__ = ["AllProvinces", "all_provinces", "hash_of_data"]


@dataclass(frozen=True)
class AllProvinces:
    """Yearly figures of all provinces and of the nation.

    Attributes
    ----------
    figures : Figures
        Later years may be among them: they are what is forecast, and are cut off at each origin.
    value : mapping of int to float
        The nation's yearly value sold, yuan.
    made_from : str
        Hash of the data, see `hash_of_data`; empty where figures come from elsewhere.
    """

    figures: Figures
    value: Mapping[int, float]
    made_from: str = ""
    _layers: dict[tuple[int, Design], ShareLayer] = field(default_factory=dict, repr=False, compare=False)

    def layer_at(self, origin: int, design: Design | None = None) -> ShareLayer:
        """Learn nation and shares at an origin, from what was known then; each once.

        Raises
        ------
        InputError
            As `national_forecast` and `share_layer`: too few figures, or none at the origin.
        """
        asked = origin, Design() if design is None else design
        if asked not in self._layers:
            known = self.figures.until(origin)
            value = {year: one for year, one in self.value.items() if year <= origin}
            number = known.nation["contract_count_output"]
            nation = national_forecast(number, value, origin)
            self._layers[asked] = share_layer(known, nation, (number[origin], value[origin]), asked[1])
        return self._layers[asked]


def all_provinces(own: Pack | None = None) -> AllProvinces:
    """Take all provinces from the packs of the package; ``own`` stands for the one of its name.

    If it lies beside the panel of which it was made, all are those that were made of this panel.

    Raises
    ------
    InputError
        If a pack or the nation's file is wrong.
    """
    from ...scenarios import list_provinces, load_pack

    packs = {name: load_pack(name) for name in list_provinces()}
    if own is None:
        value = national_series("contract_value_output")
    else:
        together = own.folder.parent
        if (together / PANEL_FOLDER).is_dir():
            made = [load_pack(file.parent) for file in sorted(together.glob(f"*/{HEAD_FILE}"))]
            packs = {pack.name: pack for pack in made}
        packs[own.name], value = own, own.nation("contract_value_output")
    return AllProvinces(figures_of_packs(packs), value, hash_of_data(packs))


def hash_of_data(packs: Mapping[str, Pack], *more: bytes) -> str:
    """Hash packs, the nation's file, and whatever else is named; 16 hexadecimal digits."""
    files = hashlib.sha256((SOURCES_FOLDER / NATION_FILE).read_bytes() + b"".join(more)).hexdigest()
    hashes = " ".join([*(pack.hash for pack in packs.values()), files])
    return hashlib.sha256(hashes.encode()).hexdigest()[:16]
