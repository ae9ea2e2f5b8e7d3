"""The bundled font holds what can be written."""

from __future__ import annotations

from fontTools.ttLib import TTFont

from shaanxi_transfer.engine.words import FOLDER
from shaanxi_transfer.reports.figures.theme import FONT_FILE
from shaanxi_transfer.studies.upkeep import make_font


def test_the_font_has_every_character_of_every_word() -> None:
    held = set(TTFont(FONT_FILE).getBestCmap())
    texts = "".join(file.read_text(encoding="utf-8") for file in FOLDER.rglob("*.yaml"))
    assert not {character for character in set(texts) - {"\n"} if ord(character) not in held}
    assert held >= {ord(character) for character in make_font.gb2312_characters()}


def test_the_font_is_what_the_script_asks_for() -> None:
    assert len(make_font.gb2312_characters()) == 6763
    assert FONT_FILE.stat().st_size < 3_000_000
    assert "SIL OPEN FONT LICENSE" in (FONT_FILE.parent / "OFL.txt").read_text("utf-8")
