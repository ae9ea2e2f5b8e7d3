"""What the figures of an experiment rest on, read from its folder, for their footnote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..words.of_provinces import province_name
from ..words.phrases import Language, say
from .theme import Origin

if TYPE_CHECKING:
    from ...scenarios import Pack


def origin_of(folder: Path, language: Language, futures: int | None = None, command: str = "") -> Origin:
    """Read from an experiment's folder what stands below its figures.

    Parameters
    ----------
    folder : Path
        Of any experiment, finished or not.
    futures : int, optional
        Futures that the figure shows; those that the experiment was asked for by default.
    command : str
        What makes the figure again, if it is not what makes the experiment.
    """
    from ...experiments.forecasting.precision import STOPPED
    from ...experiments.keeping.store import Store
    from ...experiments.listing.again_command import again_command
    from ..tables.experiment_folder import own_rules_of, province_of, scenario_titles

    manifest = Store(folder).manifest()
    made = (manifest.get(STOPPED) or {}).get("futures", manifest["identity"].get("runs"))
    own = own_rules_of(folder)
    remarks = (say("targets.own_rules", language, rules=", ".join(own)),) if own else ()
    return origin_in(
        province_of(folder),
        language,
        scenarios=tuple(scenario_titles(folder, language)),
        futures=futures if futures is not None else made,
        command=command or again_command(manifest, folder),
        remarks=remarks,
    )


def origin_in(
    province: str,
    language: Language,
    *,
    scenarios: tuple[str, ...] = (),
    futures: int | None = None,
    command: str = "",
    remarks: tuple[str, ...] = (),
) -> Origin:
    """Say what a figure of one province rests on; a plan of another province is told so."""
    from ...scenarios import load_pack

    pack = load_pack(province)
    return Origin(
        province=province_name(province, language),
        scenarios=scenarios,
        futures=futures,
        last_year=pack.manifest.last_year,
        command=command,
        remarks=(*remarks, *_of_another(pack, language)),
    )


def _of_another(pack: Pack, language: Language) -> tuple[str, ...]:
    written_for = pack.manifest.plan_written_for
    if written_for == pack.manifest.name:
        return ()
    return (say("figures.another_province", language, province=province_name(written_for, language)),)
