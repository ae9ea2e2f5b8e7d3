"""How an experiment is cited: authors and title as in CITATION.cff, then what fixes its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...engine.words import Language, say, word_or
from ...scenarios.provinces.names import chinese_name, english_name

__all__ = ["citation_of"]


def citation_of(manifest: Mapping[str, Any], language: Language = "en") -> str:
    """Write down how an experiment is to be cited.

    Parameters
    ----------
    manifest : mapping
        Of the experiment; the version is the one that began it, not the one that reads it.
    language : {'en', 'zh'}
        Language of the line.

    Returns
    -------
    str
        One line: authors, year, title, version, hash of the rules, kind, province, scenarios, futures, scale,
        seed and day.
    """
    identity = manifest["identity"]
    comma = say("amounts.comma", language)
    worlds = [entry["contents"] for entry in identity["scenarios"].values()]
    named = chinese_name if language == "zh" else english_name
    provinces = dict.fromkeys(Path(str(world["province"])).name for world in worlds)
    day = str(manifest["ended"] or manifest["started"])[:10]
    return say(
        "citation.line",
        language,
        year=day[:4],
        version=manifest["versions"].get("shaanxi-transfer", "–"),
        code=str(identity["code"])[:12],
        kind=word_or(f"status.{identity['kind']}", language, str(identity["kind"])),
        province=comma.join(named(one) or one for one in provinces),
        scenarios=comma.join(str(world["name"]) for world in worlds),
        runs=identity["runs"],
        scale=f"{float(identity['scale']):g}",
        seed=identity["seed"],
        day=day,
    )
