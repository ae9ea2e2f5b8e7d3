"""How the figures look: the bundled font, colours that everybody can tell apart, quiet axes, one footnote.

Nothing happens at import; the font is read when the first figure is drawn.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from ... import __version__
from ..places import FONT_FOLDER
from ..words.of_provinces import in_province
from ..words.phrases import Language, say

if TYPE_CHECKING:
    from matplotlib.figure import Figure, FigureBase

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

# A third one for bands, which lie on one another: the first is filled, the others are hatched.
SCENARIO_HATCHES: Final = ("", "////", "....", "||||", "----", "xxxx")

HEADING_SIZE: Final = 13
PANEL_SIZE: Final = 11
NOTE_SIZE: Final = 8.0
_LINE: Final = 1.45
"""Height of a line of a note, in sizes of its letters."""
_POINTS: Final = 72.0
_NARROW: Final = str.maketrans("\u201c\u201d", '""')
_LETTER: Final = 0.52
"""Mean width of a Latin letter, in sizes; a Chinese character is one wide."""


@dataclass(frozen=True)
class Origin:
    """What a figure rests on, as its footnote says it.

    Attributes
    ----------
    province : str
        Its name to show; empty for several provinces side by side.
    scenarios : tuple of str
        Titles of the scenarios, in words.
    futures : int, optional
        How many futures were made; None where each row of the table has its own.
    last_year : int, optional
        Last year of the observed data.
    command : str
        What makes the figure again; it is kept in the file.
    remarks : tuple of str
        Sentences without which the figure misleads, each a line.
    version : str
        Of the package that drew it.
    """

    province: str = ""
    scenarios: tuple[str, ...] = ()
    futures: int | None = None
    last_year: int | None = None
    command: str = ""
    remarks: tuple[str, ...] = ()
    version: str = __version__


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


def name_unit(figure: FigureBase, *units: str) -> None:
    """Keep the names of units that a figure uses, for its footnote."""
    known = vars(figure).setdefault("units_shown", [])
    known.extend(unit for unit in units if unit and unit not in known)


def add_remark(figure: Figure, remark: str) -> None:
    """Keep a sentence that belongs below a figure, for its footnote."""
    vars(figure).setdefault("remarks_shown", []).append(remark)


def legend_below(figure: Figure, *named: Any, most: int = 3, **looks: Any) -> None:
    """Put a legend below the axes, in as many columns, up to some, as the page is wide enough for.

    Parameters
    ----------
    *named
        Handles and labels, as of ``Figure.legend``; those of all axes by default.
    most : int
        Columns at most.
    **looks
        As of ``Figure.legend``.
    """
    for columns in range(most, 0, -1):
        legend = figure.legend(*named, loc="outside lower left", ncols=columns, **looks)
        if columns == 1 or legend.get_window_extent().width <= figure.bbox.width:
            return
        legend.remove()


def command_of(figure: Figure) -> str:
    """Give the command that makes a signed figure again; empty for one that nobody signed."""
    return str(vars(figure).get("drawn_by", ""))


def sign(figure: Figure, origin: Origin, language: Language) -> Figure:
    """Name the province before the heading of a figure, and write below it what it rests on.

    The footnote has room of its own: the figure grows by its height, and what was drawn stays as large as
    it was. The layout is settled afterwards. Every figure is signed once, last of all.
    """
    with figure_style():
        _name_province(figure, origin.province, language)
        if language == "en":
            _narrow_quotes(figure)
        figure.draw_without_rendering()
        lines = footnote(figure, origin, language)
        added = (len(lines) + 0.4) * _LINE * NOTE_SIZE / _POINTS
        _add_room_below(figure, added)
        at = 0.5 * NOTE_SIZE / _POINTS / figure.get_figheight()
        text = "\n".join(lines)
        figure.text(
            0.01, at, text, ha="left", va="bottom", fontsize=NOTE_SIZE, color=QUIET_COLOUR, gid="foot"
        )
        vars(figure)["drawn_by"] = origin.command
    return figure


def footnote(figure: Figure, origin: Origin, language: Language) -> list[str]:
    """Write the lines below a figure, each as long as the figure is wide."""
    units = say("amounts.comma", language).join(vars(figure).get("units_shown", ()))
    parts = [
        origin.province,
        say("figures.foot_between", language).join(origin.scenarios),
        say("figures.foot_unit", language, unit=units) if units else "",
        say("figures.foot_futures", language, futures=origin.futures) if origin.futures else "",
        say("figures.foot_data", language, year=origin.last_year) if origin.last_year else "",
        say("figures.foot_version", language, version=origin.version),
    ]
    first = say("amounts.semicolon", language).join(part for part in parts if part)
    width = int(0.98 * figure.get_figwidth() * _POINTS / NOTE_SIZE / (1.0 if language == "zh" else _LETTER))
    remarks = [*vars(figure).get("remarks_shown", ()), *origin.remarks]
    return [line for text in (*remarks, first) for line in textwrap.wrap(text, width, break_on_hyphens=False)]


def _name_province(figure: Figure, province: str, language: Language) -> None:
    heading = figure.get_suptitle()
    if heading and province not in heading:
        figure.suptitle(in_province(heading, province, language), x=0.01, ha="left", fontsize=HEADING_SIZE)


def _narrow_quotes(figure: Figure) -> None:
    """Put straight quotes for curly ones, which the bundled font draws as wide as a Chinese character."""
    from matplotlib.text import Text

    found: list[Any] = figure.findobj(Text)
    for text in found:
        said = text.get_text()
        if (narrow := said.translate(_NARROW)) != said:
            text.set_text(narrow)


def _add_room_below(figure: Figure, inches: float) -> None:
    """Make a figure higher, and leave everything that was drawn where it is from above."""
    figure.set_layout_engine("none")
    before = figure.get_figheight()
    whole = before + inches
    share, below = before / whole, inches / whole
    places = [(axes, axes.get_position(original=True)) for axes in figure.axes]
    figure.set_figheight(whole)
    for axes, place in places:
        axes.set_position((place.x0, below + place.y0 * share, place.width, place.height * share))
    for text in figure.texts:
        text.set_y(below + text.get_position()[1] * share)
    for legend in figure.legends:
        legend.set_bbox_to_anchor((0.0, below, 1.0, share), transform=figure.transFigure)
