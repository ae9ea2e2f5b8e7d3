"""Make the bundled Chinese font: a subset of Noto Sans CJK SC that matplotlib reads from a file.

Figures must look the same on every machine, also where no Chinese font is installed, and the whole
font is 20 MB. Run again when a figure needs a character that is missing (the tests then fail)::

    python -m shaanxi_transfer.studies.upkeep.make_font NotoSansCJK-Regular.ttc

The source is the collection which Debian ships as ``fonts-noto-cjk`` (SIL Open Font License 1.1; the
licence lies beside the subset).
"""

from __future__ import annotations

import argparse
import string
from pathlib import Path

from ...reports.figures.theme import FONT_FAMILY, FONT_FILE

FACE_IN_COLLECTION = "Noto Sans CJK SC"
MARKS = "…—–‘’“”、。〈〉《》「」『』【】（），．：；？！％＋－～·×÷±≤≥≈→←↑↓°€£¥‰−•■□●○▲△▼▽◆◇★☆①②③④⑤⑥⑦⑧⑨⑩ ​ "


def gb2312_characters() -> str:
    """Give all 6,763 Chinese characters of GB 2312, in its order: level 1 by sound, level 2 by radical."""
    cells = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return "".join(cell.decode("gb2312", errors="ignore") for cell in cells)


def wanted_characters() -> str:
    """Give every character that the subset holds: Latin, Greek, marks and GB 2312."""
    latin = string.printable + "".join(map(chr, range(0xA0, 0x180)))
    greek = "".join(map(chr, range(0x391, 0x3CA)))
    return latin + greek + MARKS + gb2312_characters()


def make_subset(source: Path, target: Path = FONT_FILE) -> int:
    """Write the subset of a font collection (``.ttc``) as an OpenType font; give its size in bytes.

    The same source gives the same bytes.

    Raises
    ------
    LookupError
        If the collection lacks the face.
    """
    # Only whoever renews the font needs fontTools, so that it is looked up here and not at import.
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTCollection

    faces = [
        face for face in TTCollection(source).fonts if face["name"].getDebugName(1) == FACE_IN_COLLECTION
    ]
    if not faces:
        raise LookupError(f"{source} holds no face named {FACE_IN_COLLECTION}")
    face = faces[0]
    face.recalcTimestamp = False

    options = Options(layout_features=["kern", "locl", "mark", "mkmk"], hinting=False, desubroutinize=False)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.name_languages = [0x409]
    subsetter = Subsetter(options)
    subsetter.populate(text=wanted_characters())
    subsetter.subset(face)

    # A name of its own: a reader with the whole font installed must not get the one for the other.
    for record in face["name"].names:
        if record.nameID in (1, 4):
            record.string = FONT_FAMILY
        elif record.nameID == 6:
            record.string = FONT_FAMILY.replace(" ", "")
    target.parent.mkdir(parents=True, exist_ok=True)
    face.save(target)
    return target.stat().st_size


def main() -> None:
    """Read the source's path from the command line and write the subset."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("source", type=Path, help="NotoSansCJK-Regular.ttc")
    size = make_subset(parser.parse_args().source)
    print(f"{FONT_FILE.name}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
