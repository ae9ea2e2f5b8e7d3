"""How the figures look: the bundled font, colours that everybody can tell apart, quiet axes.

Nothing happens at import; the font is read when the first figure is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from ..places import FONT_FOLDER

FONT_FAMILY: Final = "Noto Sans SC Reports"
FONT_FILE: Final = FONT_FOLDER / "noto_sans_sc_reports.otf"

# Okabe and Ito (2008), Color Universal Design: told apart with every common form of colour blindness.
SCENARIO_COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
OBSERVED_COLOUR: Final = "#000000"
GOAL_COLOUR: Final = "#444444"
QUIET_COLOUR: Final = "#777777"

# A second sign beside the colour, for print in grey.
SCENARIO_LINES: Final[tuple[str | tuple[int, tuple[int, ...]], ...]] = (
    "solid",
    (0, (5, 2)),
    (0, (1, 1)),
    (0, (5, 2, 1, 2)),
    (0, (8, 2)),
    (0, (3, 1)),
)


@cache
def register_font() -> str:
    """Make the bundled font known to matplotlib, once, and give its family name.

    Raises
    ------
    FileNotFoundError
        If the font file was not installed with the package.
    """
    from matplotlib import font_manager

    if not FONT_FILE.is_file():
        raise FileNotFoundError(f"{FONT_FILE} is missing; install the package again")
    font_manager.fontManager.addfont(FONT_FILE)
    return FONT_FAMILY


@contextmanager
def figure_style() -> Iterator[None]:
    """Draw figures in the house style inside this block, and leave the user's settings alone.

    Nothing of a matplotlibrc is in force here: with ``text.usetex``, say, every figure would ask for LaTeX.
    """
    import matplotlib as mpl
    import matplotlib.style

    settings: dict[Any, Any] = {
        "font.family": [register_font()],
        "font.size": 10.5,
        "axes.titlesize": 13,
        "axes.titlelocation": "left",
        "axes.titlepad": 12,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": QUIET_COLOUR,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "grid.color": "#E6E6E6",
        "grid.linewidth": 0.8,
        "axes.unicode_minus": False,
        "legend.frameon": False,
        "figure.dpi": 100,
        "savefig.dpi": 160,
        "svg.fonttype": "path",
        "svg.hashsalt": "shaanxi-transfer",  # the same figure gives the same file
    }
    with mpl.style.context(["default", settings]):
        yield
