"""The part of the page across provinces that tells where the model is worst, and what goes with it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import pandas as pd

from ...scenarios.provinces.gaps import LUCK_AS_LARGE_AS_A_FORECAST
from ...scenarios.provinces.names import in_both_languages
from ...scenarios.provinces.posterior import FEWEST_DRAWS
from ..reference_pages.lever_page import number_in_words
from .causes import COLUMNS, MISSED, ONE_SIDED, SHARP, YEARS_BEFORE
from .correlations import CAUSES, FEWEST, LEVEL, smallest_seen
from .words_of_page import Row, listed, ratio, signed

__all__ = ["WORST", "causes_in_words", "flags_of", "section_of_causes"]

WORST: Final = 10
"""Provinces that are told in full."""

FLAGS: Final = {
    "too high": f"the bias is {ONE_SIDED} of the mean miss or more, and the median above what came",
    "too low": "the same, and the median below what came",
    "fit missed the past": f"the median of the runs that were fitted up to 2017 is {MISSED**0.5:g} errors "
    "(root mean square) from the figures or farther",
    "few draws": f"the posterior is worth fewer than {FEWEST_DRAWS} draws, and is not written",
    "luck": f"luck alone moves a year's value sold by {LUCK_AS_LARGE_AS_A_FORECAST} or more",
    "unsteady": "among the fifth of the provinces whose value sold grew most unsteadily",
    "sped up": f"the worst series grew faster after the origins, by {SHARP:g} (ln a year) or more on average",
    "slowed": "the same, and more slowly",
    "turned": "at most origins the worst series fell afterwards and had grown before, or the other way round",
}
"""What may stand out, in the words of `causes.COLUMNS`, and when."""

_OUTCOMES: Final = {
    "crps_log": "The model's CRPS",
    "model_less": "How much worse the model is than the best rival",
}


def section_of_causes(table: pd.DataFrame, found: pd.DataFrame, written_for: str) -> Iterator[str]:
    """Write where the model is worst, and why as far as the data tell.

    Parameters
    ----------
    table : DataFrame
        Columns of `causes.COLUMNS`.
    found : DataFrame
        `correlations.correlations` of it.
    written_for : str
        The province for which the plan was written.

    Yields
    ------
    str
        Lines of Markdown.
    """
    rows = table.sort_values("model_less", ascending=False, ignore_index=True)
    worst, others = rows.head(WORST), rows.iloc[WORST:]
    yield "## Where the model is worst, and why"
    yield ""
    yield from _worst(worst)
    yield ""
    yield from _flags(worst, others)
    yield ""
    yield _biases(rows)
    yield from _own(rows, written_for)
    yield ""
    yield "### What goes with it, over all provinces"
    yield ""
    yield from _correlations(found)


def flags_of(row: Row) -> list[str]:
    """List what stands out in a province; an empty cell is nothing."""
    told = row["stands_out"]
    return told.split("; ") if isinstance(told, str) and told else []


def _worst(worst: pd.DataFrame) -> Iterator[str]:
    behind = int((worst["model_less"] > 0.0).sum())
    yield (
        f"The {len(worst)} provinces with the largest difference to the best rival; in {behind} of them the "
        "model is the worse of the two. They were picked as the worst, so that a part of it is bad luck, and "
        "a single province's points are too alike for an interval. *Median over observed* is the geometric "
        f"mean of the ratio; *growth* is ln a year, up to {YEARS_BEFORE} years before the origins and after "
        "them, in the worst series; *misfit* is squared errors a figure."
    )
    yield ""
    heads = (
        "province",
        "CRPS",
        "less best rival",
        "median over observed",
        "worst series (its median over observed)",
        "its growth before, after",
        "misfit of the fit",
        "draws it is worth",
        "luck of a year",
        "volatility",
        "what stands out",
    )
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for row in worst.to_dict("records"):
        yield (
            f"| {in_both_languages(row['province'])} | {row['crps_log']:.3f} | {signed(row['model_less'])} | "
            f"{ratio(row['bias'])} | `{row['worst_series']}` ({ratio(row['worst_bias'])}) | "
            f"{_growth(row)} | {_cell(row['misfit_fitted'])} | {_cell(row['effective_sample_size'])} | "
            f"{_cell(row['luck_of_a_year'])} | {_cell(row['volatility'])} | "
            f"{', '.join(flags_of(row)) or 'nothing'} |"
        )


def _growth(row: Row) -> str:
    if math.isnan(row["worst_before"]):
        return ""
    return f"{row['worst_before']:+.2f}, {row['worst_after']:+.2f}"


def _cell(value: float) -> str:
    return "" if math.isnan(value) else number_in_words(value)


def _flags(worst: pd.DataFrame, others: pd.DataFrame) -> Iterator[str]:
    yield f"| what stands out | of these {len(worst)} | of the other {len(others)} | when it is said |"
    yield "|---|---|---|---|"
    counts = [
        [sum(flag in flags_of(row) for row in rows.to_dict("records")) for rows in (worst, others)]
        for flag in FLAGS
    ]
    for (flag, when), (here, there) in zip(FLAGS.items(), counts, strict=True):
        yield f"| {flag} | {here} | {there} | {when} |"
    behind = worst[worst["model_less"] > 0.0].to_dict("records")
    plain = [str(row["province"]) for row in behind if not flags_of(row)]
    if plain:
        yield ""
        yield f"Nothing stands out in {listed(plain)}: the data do not tell why the model is worse there."


def _biases(rows: pd.DataFrame) -> str:
    high, low = rows[rows["bias"] < 0.0], rows[rows["bias"] > 0.0]
    *_, most = in_order = rows.sort_values("bias", kind="stable").to_dict("records")
    least = in_order[0]
    return (
        f"Over all {len(rows)} provinces the median was on average too high in {len(high)} and too low in "
        f"{len(low)}; mean bias {rows['bias'].mean():+.3f} (ln observed less ln median), median over "
        f"observed {ratio(least['bias'])} in {in_both_languages(least['province'])} at the one end and "
        f"{ratio(most['bias'])} in {in_both_languages(most['province'])} at the other."
    )


def _own(rows: pd.DataFrame, province: str) -> Iterator[str]:
    """Say where the province stands for which the plan was written, if it is there."""
    for place, row in enumerate(rows.to_dict("records"), start=1):
        if row["province"] == province:
            yield ""
            yield (
                f"In {in_both_languages(province)}, for which the plan was written, the model's CRPS is "
                f"{row['crps_log']:.3f}, less that of the best rival {signed(row['model_less'])}: number "
                f"{place} of {len(rows)}, counted from the worst; median over observed {ratio(row['bias'])}."
            )


def _correlations(found: pd.DataFrame) -> Iterator[str]:
    if not found["rho"].notna().any():
        yield (
            f"With {int(found['provinces'].max())} provinces nothing is computed: {FEWEST} are the fewest in "
            "which a rank correlation says anything."
        )
        return
    for outcome in _OUTCOMES:
        yield causes_in_words(found[found["outcome"] == outcome])
        yield ""
    yield (
        "A correlation is no cause, and these go together among themselves. Only `volatility_before` was "
        "known at the first origin; the others read figures up to 2017. The bias is not among them: it is a "
        "part of the miss. *Adjusted*: p for the number of causes (Benjamini and Hochberg); *beside the "
        "strongest*: the rank correlation with the first of the table held still, and its p, not adjusted."
    )
    for outcome, words in _OUTCOMES.items():
        yield ""
        yield f"{words} (`{outcome}`):"
        yield ""
        yield "| column | what | provinces | rank correlation | p | adjusted | beside the strongest |"
        yield "|---|---|---|---|---|---|---|"
        for row in found[found["outcome"] == outcome].to_dict("records"):
            beside = (
                "" if math.isnan(row["rho_beside"]) else f"{row['rho_beside']:+.2f} (p {row['p_beside']:.2g})"
            )
            numbers = (
                " | | |"
                if math.isnan(row["rho"])
                else f"{row['rho']:+.2f} ({row['low']:+.2f} to {row['high']:+.2f}) | {row['p']:.2g} | "
                f"{row['p_adjusted']:.2g} |"
            )
            what = COLUMNS.get(row["cause"], "")
            yield f"| `{row['cause']}` | {what} | {row['provinces']} | {numbers} {beside} |"


def causes_in_words(rows: pd.DataFrame) -> str:
    """Say which causes go with an outcome and which are not seen to.

    Parameters
    ----------
    rows : DataFrame
        Of one outcome, the strongest first.
    """
    known = rows[rows["rho"].notna()]
    seen, unseen = known[known["seen"]], known[~known["seen"]]
    what = _OUTCOMES[str(rows["outcome"].iloc[0])]
    bound = smallest_seen(int(known["provinces"].min()))
    lost = f"taken one by one, correlations smaller than {bound:.2f} are lost among so many provinces"
    if seen.empty:
        return f"**{what} goes with none of the {len(known)}** that were tried ({lost})."
    first, *rest = seen.to_dict("records")
    said = f"**{what} goes most with {_named(first)}**: {_direction(first)}."
    if rest:
        also = "; ".join(f"{_named(row)} ({row['rho']:+.2f})" for row in rest)
        said += f" Also seen: {also}."
        add = [str(row["cause"]) for row in rest if row["p_beside"] < LEVEL]
        names = ", ".join(f"`{name}`" for name in add)
        still = f"still seen: {names}" if add else "none of these is seen any more"
        said += f" With the first held still, {still} (p below {LEVEL:g}, not adjusted)."
    if not unseen.empty:
        names = ", ".join(f"{_named(row)} ({row['rho']:+.2f})" for row in unseen.to_dict("records"))
        said += f" Not seen to matter: {names}; {lost}."
    return said


def _named(row: Row) -> str:
    words = CAUSES.get(row["cause"])
    return f"`{row['cause']}`" if words is None else f"{words} (`{row['cause']}`)"


def _direction(row: Row) -> str:
    worse = "worse" if row["rho"] > 0.0 else "better"
    return (
        f"the larger, the {worse} (rank correlation {row['rho']:+.2f}, {row['low']:+.2f} to "
        f"{row['high']:+.2f}, over {row['provinces']} provinces; adjusted p {row['p_adjusted']:.2g})"
    )
