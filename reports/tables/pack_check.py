"""What ``check`` says of the pack of a province: what is observed, what is missing, what is scaled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...engine.errors import InputError
from ..words.of_packs import kind_words
from ..words.phrases import Language, say

if TYPE_CHECKING:
    import pandas as pd

    from ...scenarios import Pack


def pack_lines(pack: Pack, language: Language) -> Iterator[str]:
    """Say what a pack that is in order rests on and what it cannot carry."""
    from ...scenarios.provinces.coverage import kinds_of_sources, overview
    from ...scenarios.provinces.names import in_both_languages

    about = overview(pack)
    head = pack.manifest
    yield say("provinces.is", language, **head.model_dump())
    if head.plan_written_for and head.plan_written_for != pack.name:
        yield say("provinces.not_its_plan", language, place=in_both_languages(head.plan_written_for))
    yield from _series_lines(pack, language)
    uses = pack.observed["use"].value_counts().sort_index()
    yield say("provinces.observed", language, count=len(pack.observed), uses=_counts(uses))
    yield say(
        "provinces.parameters",
        language,
        count=len(pack.parameters),
        own=about.parameters_own,
        scaled=about.parameters_scaled,
    )
    table = kinds_of_sources(pack)
    parameters = table[table["what"] == "parameter"]
    for kind, rows in parameters.groupby("kind"):
        yield say(
            "provinces.kind", language, kind=kind_words(str(kind), language), names=", ".join(rows["name"])
        )
    yield say(
        "provinces.places",
        language,
        cities=len(pack.cities),
        zones=len(pack.zones),
        organisations=len(pack.organisations),
    )
    if len(pack.cities) == 1:
        yield say("provinces.one_region", language)
    yield say(
        "provinces.kinds",
        language,
        kinds=_counts(table["kind"].map(lambda kind: kind_words(kind, language)).value_counts()),
    )
    yield say("provinces.posterior" if about.posterior else "provinces.no_posterior", language)
    for limit in about.limits:
        if limit != "no_run":  # whether a run is refused is tried, not foretold
            yield say(f"provinces.limit_{limit}", language, last_year=head.last_year)


def _series_lines(pack: Pack, language: Language) -> Iterator[str]:
    from ...scenarios.provinces.coverage import series_coverage
    from ...scenarios.provinces.gaps import VALUE_SOLD, in_years

    sold = pack.series_of(VALUE_SOLD) if pack.has_series(VALUE_SOLD) else {}
    yield say("provinces.contracts" if sold else "provinces.contracts_none", language, years=in_years(sold))
    series = series_coverage(pack)
    whole = int((series["missing"].map(len) == 0).sum())
    yield say("provinces.series", language, count=len(series), whole=whole)
    for indicator, years, missing in zip(
        series["indicator"], series["years"], series["missing"], strict=True
    ):
        if years == 0:
            yield say("provinces.lacks_all", language, indicator=indicator)
        elif missing:
            yield say("provinces.lacks", language, indicator=indicator, years=in_years(missing))
    if not pack.has_series("gdp"):
        yield say("provinces.no_gdp", language)


def _counts(counts: pd.Series[int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items())


def refusal_of_a_run(pack: Pack) -> InputError | None:
    """Read the figures as a fit does and build the province once; give the reason of a refusal, or None."""
    from ...experiments.calibrating.observed_figures import observed_table
    from ...experiments.planning.door_to_model import loaded, model, rehearse

    try:
        observed_table(pack, model().definitions)
        rehearse(loaded("no_plan", province=str(pack.folder), belief="prior"))
    except InputError as error:
        return error
    return None
