"""A brief as a Word document, for those who have to edit it; sources of its paragraphs stand at the end."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from ...engine.errors import InputError
from ..words.phrases import Language, say
from .parts import Brief, Paragraph, Picture, Table
from .text import bytes_of_figure, files_of, numbered, pieces_of, plain, where, words_of

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["check_library", "document_of"]

_FONTS: Final = {"zh": "SimSun", "en": "Georgia"}
_HEADS: Final = {"zh": "SimHei", "en": "Arial"}
_WIDTH_CM: Final = 17.0
_MARGIN_CM: Final = 2.0
_NARROWEST, _WIDEST = 5, 20
"""Letters by which a column is at least and at most as wide as others."""


def check_library() -> None:
    """Refuse a document where the library that writes it is missing."""
    try:
        import docx  # noqa: F401
    except ImportError as error:
        raise InputError(
            "the library python-docx is missing",
            key="--form",
            allowed="html, or docx with the extra: pip install 'shaanxi-transfer[report]'",
        ) from error


def document_of(brief: Brief, language: Language) -> bytes:
    """Lay a brief out as a docx file and give its bytes."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    paper = Document()
    _set_up(paper, language)
    title = paper.add_heading(plain(brief.title), 0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for fact in brief.facts:
        line = paper.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_after = Pt(0)
        line.add_run(plain(fact)).font.size = Pt(9)
    sources: list[Paragraph] = []
    for place, chapter in enumerate(brief.chapters, start=1):
        paper.add_heading(plain(numbered(place, chapter.title, language)), 1)
        for block in chapter.blocks:
            if isinstance(block, Paragraph):
                sources += [block] if block.traces else []
                _add_paragraph(paper, block, len(sources), language)
            elif isinstance(block, Table):
                _add_table(paper, block, language)
            else:
                paper.add_picture(io.BytesIO(bytes_of_figure(block.figure, "png")), width=Cm(_WIDTH_CM))
                _add_source(paper, block, language, block.caption)
    paper.add_heading(plain(say("brief.sources_heading", language)), 1)
    for number, block in enumerate(sources, start=1):
        line = paper.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        places = "; ".join(f"{where(one, language)} {one.shows}".strip() for one in block.traces)
        line.add_run(plain(f"[{number}] {places}")).font.size = Pt(7.5)
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _set_up(paper: Document, language: Language) -> None:
    """Set paper, margins and fonts; Chinese letters have a font of their own in Word."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(_MARGIN_CM))
    styles: Any = paper.styles
    for name, font, size in (
        ("Normal", _FONTS, 11.0), ("Title", _HEADS, 18.0), ("Heading 1", _HEADS, 14.0),
    ):  # fmt: skip
        style = styles[name]
        style.font.name, style.font.size = font["en"], Pt(size)
        style.font.color.rgb = RGBColor(0x1B, 0x1B, 0x1B)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), font["zh"])
    paper.core_properties.language = "zh-CN" if language == "zh" else "en"


def _add_paragraph(paper: Document, block: Paragraph, number: int, language: Language) -> None:
    from docx.shared import Pt

    line = paper.add_paragraph()
    if language == "zh" and not block.note:
        line.paragraph_format.first_line_indent = Pt(22)
    for is_command, piece in pieces_of(block.text, language):
        run = line.add_run(piece)
        run.bold = block.strong
        if is_command:
            run.font.name = "Consolas"
        if block.note:
            run.font.size = Pt(9)
    if block.traces:
        mark = line.add_run(f"[{number}]")
        mark.font.superscript = True


def _add_table(paper: Document, block: Table, language: Language) -> None:
    from docx.shared import Cm, Pt

    caption = paper.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_after = Pt(2)
    run = caption.add_run(words_of(block.caption, language))
    run.bold, run.font.size = True, Pt(9.5)
    table = paper.add_table(rows=0, cols=len(block.heads), style="Table Grid")
    table.autofit = False
    for place, row in enumerate([block.heads, *block.rows]):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            written = paragraph.add_run(words_of(text, language))
            written.font.size, written.bold = Pt(8), place == 0
    for column, width in zip(table.columns, _widths([block.heads, *block.rows]), strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    _repeat_heading(table)
    _add_source(paper, block, language)


def _widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Share the width of the paper among columns, by their longest cells within bounds; in centimetres."""
    longest = [max(map(len, column)) for column in zip(*rows, strict=True)]
    weights = [min(max(one, _NARROWEST), _WIDEST) for one in longest]
    return [_WIDTH_CM * one / sum(weights) for one in weights]


def _repeat_heading(table: Any) -> None:
    """Let the heading of a table stand on each page that it reaches."""
    from docx.oxml import OxmlElement

    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _add_source(paper: Document, block: Table | Picture, language: Language, caption: str = "") -> None:
    from docx.shared import Pt

    source = say("brief.source", language) + say("amounts.colon", language) + files_of(block.traces, language)
    said = say("amounts.semicolon", language).join(filter(None, (caption, source)))
    line = paper.add_paragraph()
    line.add_run(words_of(said, language)).font.size = Pt(8)
