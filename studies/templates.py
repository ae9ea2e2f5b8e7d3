"""Pages from templates: all words of a page stand in its ``.md.j2``, in the order in which they are read.

A line of the template is a line of the page. A name that the numbers do not give is an error, so that no page
comes out with a hole in it. Tables are written in one way, with `table`:

.. code-block:: jinja

    {% call(row) table("province | growth", rows) %}
    {{ row.province }} | {{ row.growth | signed(2) }}
    {% endcall %}
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..scenarios.provinces.names import chinese_name, in_both_languages

__all__ = ["number_in_words", "page_of"]

STUDIES: Final = Path(__file__).resolve().parent


def page_of(template: str, numbers: Mapping[str, Any]) -> str:
    """Fill a template.

    Parameters
    ----------
    template : str
        Its path below ``studies``.
    numbers : mapping of str to Any
        What the template names.

    Returns
    -------
    str
        The page, with the end of its last line.

    Raises
    ------
    jinja2.UndefinedError
        If the template names what is not there.
    ValueError
        If a row of a table has more or fewer cells than its heading.
    """
    environment = Environment(
        loader=FileSystemLoader(STUDIES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        fixed=_fixed,
        signed=_signed,
        significant=_significant,
        thousands=_thousands,
        number=number_in_words,
        code=_code,
        cell=_cell,
        enumerated=_enumerated,
        in_both_languages=in_both_languages,
        in_chinese=_in_chinese,
    )
    environment.globals["table"] = _table
    environment.tests["missing"] = math.isnan
    return environment.get_template(template).render(numbers)


def number_in_words(value: Any) -> str:
    """Write a number with three or four digits that matter, in millions or billions where it is large."""
    if abs(value) >= 1e9:
        return f"{value / 1e9:,.4g} billion"
    if abs(value) >= 1e6:
        return f"{value / 1e6:,.4g} million"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return np.format_float_positional(value, precision=3, fractional=False, trim="-")


def _table(heading: str, rows: Iterable[Any], caller: Callable[..., str]) -> str:
    """Write a table; ``caller`` is the block of the template, which gives the cells of a row or a tuple."""
    lines = [f"| {heading} |", "|---" * (heading.count("|") + 1) + "|"]
    for row in rows:
        cells = (caller(*row) if isinstance(row, tuple) else caller(row)).removesuffix("\n")
        if cells.count("|") != heading.count("|") or "\n" in cells:
            raise ValueError(f"the row {cells!r} is not one line of the cells {heading!r}")
        lines.append(f"| {cells} |")
    return "\n".join(lines) + "\n"


def _fixed(value: float, digits: int) -> str:
    """Write so many digits after the point; nothing where the number is missing."""
    return "" if math.isnan(value) else f"{value:.{digits}f}"


def _signed(value: float, digits: int = 3) -> str:
    """Write a difference with its sign; nothing where it is missing."""
    return "" if math.isnan(value) else f"{value:+.{digits}f}"


def _significant(value: float, digits: int = 6) -> str:
    """Write at most so many digits that matter, and no zeros after them."""
    return f"{value:.{digits}g}"


def _thousands(value: float) -> str:
    """Write a whole number with commas."""
    return f"{value:,.0f}"


def _code(name: str) -> str:
    """Write a name as code."""
    return f"`{name}`"


def _cell(text: str) -> str:
    """Write a text on one line, without the sign that ends a cell."""
    return " ".join(text.replace("|", "/").split())


def _enumerated(words: Sequence[str]) -> str:
    """Join words by commas, the last one by ``and``."""
    *earlier, last = words
    return f"{', '.join(earlier)} and {last}" if earlier else last


def _in_chinese(province: str) -> str:
    """Give the Chinese name of a province, or its name where none is known."""
    return chinese_name(province) or province
