"""The page on published effects, in both languages; its words are in ``page.md.j2`` and ``page_zh.md.j2``."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from ...experiments.keeping.provenance import basis_of
from ...experiments.planning import door_to_model
from ...reports.words.phrases import Language, say
from ..templates import page_of
from .figure import label_of, words_of
from .make import FILE, PLACEBO_DESIGN
from .registered import registered
from .verdict import AGREE, OVERLAP

__all__ = ["FILES", "PAGES", "page"]

FILES: Final = (FILE,)
PAGES: Final[dict[Language, str]] = {"en": "published_effects.md", "zh": "published_effects_zh.md"}
_TEMPLATES: Final[dict[Language, str]] = {
    "en": "published_effects/page.md.j2",
    "zh": "published_effects/page_zh.md.j2",
}
_PARTS: Final = (("test", "number"), ("test", "zero"), ("test", "sign"), ("fitted", None), ("input", None))


def page(table: pd.DataFrame, language: Language) -> str:
    """Make the page in one language from a table with columns of `make.COLUMNS`."""
    of_today = set(table["basis"]) == {basis_of(door_to_model.loaded("no_plan"))}
    enacted = table[table["design"] != PLACEBO_DESIGN]
    tests = enacted[(enacted["class"] == "test") & (enacted["kind"] == "number") & ~enacted["used_in_fit"]]
    parts = [
        {"title": say(f"study_published.part_{use}{'_' + kind if kind else ''}", language), "rows": rows}
        for use, kind in _PARTS
        if (rows := [_row(row, language) for row in _of(enacted, use, kind).to_dict("records")])
    ]
    return page_of(
        _TEMPLATES[language],
        {
            "of_today": of_today,
            "futures": int(enacted["futures"].max()),
            "futures_of_placebos": int(table["futures"].max()),
            "numbers": {"tests": len(tests), "found": int(tests["verdict"].isin([AGREE, OVERLAP]).sum())},
            "parts": parts,
            "placebos": [
                {
                    "label": label_of(str(row["figure"]), language),
                    "estimator": str(row["study"]).removeprefix("placebo: "),
                    "middle": _number(row["q50"]),
                    "coverage": f"{row['coverage']:.3f}",
                    "verdict": words_of(row["verdict"], language),
                }
                for row in table[table["design"] == PLACEBO_DESIGN].to_dict("records")
            ],
            "waiting": [
                {"label": label_of(name, language), "study": figure.study}
                for name, figure in registered().items()
                if name not in set(enacted["figure"])
            ],
        },
    )


def _of(table: pd.DataFrame, use: str, kind: str | None) -> pd.DataFrame:
    return table[(table["class"] == use) & ((table["kind"] == kind) | (kind is None))]


def _row(row: dict[Any, Any], language: Language) -> dict[str, str]:
    return {
        "label": label_of(row["figure"], language),
        "unit": say(f"study_published.unit_{row['unit'].replace('/', '_a_')}", language),
        "study": row["study"],
        "published": _published(row, language),
        "found": f"{_number(row['q50'])} [{_number(row['q05'])}, {_number(row['q95'])}]",
        "true": _number(row["true_effect"]),
        "coverage": "–" if math.isnan(row["coverage"]) else f"{row['coverage']:.2f}",
        "futures": str(row["futures"]),
        "verdict": words_of(row["verdict"], language),
        "rule": row["rule"],
    }


def _published(row: dict[Any, Any], language: Language) -> str:
    """Write the published figure: a size with its interval, a bound, nothing, or which way."""
    middle, low, high = (row[name] for name in ("published", "published_low", "published_high"))
    if row["kind"] == "sign":
        return say("study_published.more" if middle > 0 else "study_published.less", language)
    if math.isnan(middle):
        return say("study_published.at_least", language, bound=_number(low if low == low else high))
    if low == low and high == high:
        return f"{_number(middle)} [{_number(low)}, {_number(high)}]"
    return _number(middle)


def _number(value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.2f}"
