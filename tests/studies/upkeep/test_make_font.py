"""The bundled font holds what can be written."""

from __future__ import annotations

from fontTools.ttLib import TTFont

from shaanxi_transfer.reports.figures.theme import FONT_FILE
from shaanxi_transfer.reports.words.glossary import GLOSSARY
from shaanxi_transfer.reports.words.of_estimates import WORDS as ESTIMATE_WORDS
from shaanxi_transfer.reports.words.phrases import (
    TARGET_NOTES,
    WORDS,
)
from shaanxi_transfer.studies.upkeep import make_font

ALL = {**WORDS, **ESTIMATE_WORDS, **{f"note of {name}": note for name, note in TARGET_NOTES.items()}}


def test_the_font_has_every_character_of_every_word() -> None:
    held = set(TTFont(FONT_FILE).getBestCmap())
    texts = "".join(phrase.en + phrase.zh for phrase in ALL.values()) + "".join(GLOSSARY)
    assert not {character for character in set(texts) - {"\n"} if ord(character) not in held}
    assert held >= {ord(character) for character in make_font.gb2312_characters()}


def test_the_font_is_what_the_script_asks_for() -> None:
    assert len(make_font.gb2312_characters()) == 6763
    assert FONT_FILE.stat().st_size < 3_000_000
    assert "SIL OPEN FONT LICENSE" in (FONT_FILE.parent / "OFL.txt").read_text("utf-8")
