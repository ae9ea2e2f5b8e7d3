"""What tests of figures share: one look at a figure sees a glyph, a user's setting and a change of it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from cycler import cycler
from matplotlib.figure import Figure
from matplotlib.testing.compare import compare_images
from PIL import Image

from shaanxi_transfer.reports.figures.forecast import save_figure
from shaanxi_transfer.reports.figures.theme import Origin, sign
from shaanxi_transfer.reports.words.phrases import Language

REFERENCES = Path(__file__).parent / "reference"
DOTS = 45
"""Dots an inch: letters are smears, which another version of the library moves by too little to matter."""

COLOURS = 160
"""Of a reference: a fifth of the bytes, for less than a grey level."""

MOST_DIFFERENT = 4.0
"""Root mean square of grey levels by which a machine's picture may differ from the reference."""

OF_A_USER: Any = {
    "text.usetex": True,
    "axes.facecolor": "black",
    "axes.grid": True,
    "savefig.bbox": "tight",
    "font.size": 30.0,
    "lines.linewidth": 9.0,
    "axes.prop_cycle": cycler(color=["red"]),
}

ORIGINS: dict[Language, Origin] = {
    "en": Origin(
        "Shaanxi", ("The action plan", "Without the plan"), 12, 2017, "make it again", ("A remark.",), "1.0"
    ),
    "zh": Origin("陕西", ("行动方案", "无行动方案"), 12, 2017, "make it again", ("说明。",), "1.0"),
}

Look = Callable[[str, Language, Callable[[], Figure]], Figure]


@pytest.fixture
def origins() -> dict[Language, Origin]:
    """By language what the figures of these tests rest on."""
    return ORIGINS


@pytest.fixture
def looks_as_it_did(tmp_path: Path) -> Look:
    """Give ``look(name, language, draw)``: draw, sign and save it, and hold it against the reference.

    It is drawn under a user's worst settings, with warnings as errors, of which a missing glyph is one. Where
    there is no reference, one is made and the test fails: look at it, and keep it if it is as it should be.
    """

    def look(name: str, language: Language, draw: Callable[[], Figure]) -> Figure:
        with mpl.rc_context(OF_A_USER), warnings.catch_warnings():
            warnings.simplefilter("error")
            figure = sign(draw(), ORIGINS[language], language)
            made = save_figure(figure, tmp_path / f"{name}_{language}.png", dots_per_inch=DOTS)
        reference = REFERENCES / made.name
        if not reference.is_file():
            Image.open(made).convert("RGB").quantize(COLOURS).save(reference, optimize=True)
            pytest.fail(f"{reference} was made: look at it, and keep it if it is as it should be")
        assert compare_images(str(reference), str(made), tol=MOST_DIFFERENT) is None
        return figure

    return look
