"""What a province is called in figures and sentences, so that nobody takes it for another."""

from __future__ import annotations

from .phrases import Language, say


def province_name(province: str, language: Language) -> str:
    """Give the name of a province to show; ``province`` is a pack by name or folder.

    Examples
    --------
    >>> province_name("shanxi", "zh"), province_name("neimenggu", "en")
    ('山西', 'Inner Mongolia')
    """
    from ...scenarios.provinces.names import english_name
    from ...scenarios.provinces.pack import pack_folder
    from ...scenarios.provinces.pack_head import read_head

    head, _ = read_head(pack_folder(province))
    return head.name_zh if language == "zh" else english_name(head.name) or head.name


def province_line(province: str, language: Language) -> str:
    """Say which province is simulated, and which one it is not if another is spelt nearly the same.

    Examples
    --------
    >>> province_line("gansu", "en"), province_line("shanxi", "zh")
    ('Province: Gansu (甘肃).', '省份：山西（Shanxi），不是陕西（Shaanxi）。')
    """
    from ...scenarios.provinces.names import SAID_ALIKE
    from ...scenarios.provinces.pack import load_pack

    pack = load_pack(province).name
    if pack not in SAID_ALIKE:
        return say("forecast.province_is", language, province=_both(province, language))
    (other,) = (name for name in SAID_ALIKE if name != pack)
    names = {"province": _both(province, language), "other": _both(other, language)}
    return say("forecast.province_is_not", language, **names)


def in_province(title: str, province: str, language: Language) -> str:
    """Put the name of a province before a title; ``province`` is its name to show, or empty."""
    return say("forecast.province_title", language, province=province, title=title) if province else title


def _both(province: str, language: Language) -> str:
    """Write the name in the language asked for, and the other one in brackets."""
    name, also = (
        province_name(province, language),
        province_name(province, "en" if language == "zh" else "zh"),
    )
    return say("forecast.province_both", language, name=name, also=also) if also != name else name
