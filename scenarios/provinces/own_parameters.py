"""Parameters that belong to one province: as measured there, or scaled to another province.

A scaled value is always an assumption. Its note says from which number, by which
indicator of the panel and with which ratio; its bounds are wider than the original's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from ...engine.errors import InputError
from .sources_read import Sources

__all__ = ["province_parameters", "scaled_from", "stood_in"]

WIDER: Final = 1.5
"""Factor by which the bounds of a scaled value open on each side."""

WIDER_FRACTION: Final = 1.2
"""The same for fractions, which cannot open as far."""

SMALLEST_FRACTION: Final = 0.001
LARGEST_FRACTION: Final = 0.95

SHARES_AT_MOST: Final = 0.75
"""Largest sum of the R&D shares of universities, institutes and military units after scaling."""

COUNTED: Final = ("count", "people")

STAND_INS: Final = ("rd_expenditure", "contract_value_output", "fiscal_science_technology", "fiscal_total")
"""By what a size is scaled whose own indicator is in no year; in logs its bounds open twice as far then."""

_SCALED: Final = re.compile(r"Scaled from (\w+) \(")
_AS_THERE: Final = re.compile(r"As in (\w+), not scaled[.,]")
_STOOD_IN: Final = re.compile(
    r"^(?:Scaled from \w+ \([^)]*\) by (?P<by>[\w ]+?) in \d{4}|As in \w+, not scaled)"
    r", for (?P<missing>[\w ]+) is not known here"
)


def scaled_from(note: str) -> str | None:
    """Tell from its note that a parameter was scaled from another province, or taken over from it.

    Examples
    --------
    >>> scaled_from("Scaled from shaanxi (96) by rd_basic in 2017: ratio 1.12, power 0.5; ...")
    'scaled from shaanxi'
    >>> scaled_from("As in shaanxi, not scaled. There: ..."), scaled_from("Count of 2016.")
    ('as in shaanxi', None)
    """
    for pattern, words in ((_SCALED, "scaled from"), (_AS_THERE, "as in")):
        if found := pattern.match(note):
            return f"{words} {found[1]}"
    return None


def stood_in(note: str) -> tuple[str, str] | None:
    """Tell from its note for which series another one stands in, and which; the latter is empty for none.

    Examples
    --------
    >>> stood_in("Scaled from shaanxi (9) by rd_expenditure in 2014, for rd_basic is not known here: ratio 2")
    ('rd_basic', 'rd_expenditure')
    >>> stood_in("As in shaanxi, not scaled, for rd_basic is not known here; bounds wider")
    ('rd_basic', '')
    """
    found = _STOOD_IN.search(note)
    return None if found is None else (found["missing"], found["by"] or "")


def province_parameters(sources: Sources, province: str) -> dict[str, dict[str, Any]]:
    """Give the parameters of one province.

    Parameters
    ----------
    sources : Sources
        With `province_parameters.yaml` and the panel.
    province : str
        Name in the panel.

    Returns
    -------
    dict of str to dict
        Fields of each parameter by id, in the order of the source file.

    Raises
    ------
    InputError
        If an indicator by which something is scaled is not in the panel.
    """
    origin, written = sources.province_parameters
    if province == origin:
        return {name: _without_rule(fields) for name, fields in written.items()}
    scaled = {name: _scaled(sources, province, origin, fields) for name, fields in written.items()}
    shares = [name for name in scaled if name.startswith("rd_share_")]
    total = sum(scaled[name]["value"] for name in shares)
    if total > SHARES_AT_MOST:
        for name in shares:
            _shrink(scaled[name], SHARES_AT_MOST / total)
    return scaled


def _without_rule(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != "scaling"}


def _scaled(sources: Sources, province: str, origin: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Scale one parameter by its rule and say so in its note."""
    rule = _rule_with_figures(sources, province, origin, fields["scaling"])
    result = {**_without_rule(fields), "kind": "assumption"}
    files = sources.files_of(rule.get("indicator", ()), rule.get("over", ()))
    result["source"] = f"{', '.join(files)} and the value of {origin}: {fields['source']}"
    if rule["how"] == "unscaled" and "why" not in rule:
        result["note"] = f"As in {origin}, not scaled. There: {fields['note']}"
        return result
    over = rule.get("over", ())
    if rule.get("may_exceed_one"):
        result |= {"unit": "multiple", "distribution": "lognormal"}
    if rule["how"] == "unscaled":  # for want of a figure: less is known here than where it is scaled
        wider = WIDER_FRACTION**2 if result["unit"] == "fraction" else WIDER**2
        result["low"], result["high"] = (
            _tidy(fields["low"] / wider, result["unit"]),
            _tidy(fields["high"] * wider, result["unit"]),
        )
        about = f"As in {origin}, not scaled{rule['why']}; bounds wider by a factor {wider:g}."
        result["note"] = f"{about} There: {fields['note']}"
        return result
    ratio, year = sources.ratio(rule["indicator"], province, origin, sources.year(rule["year"]), over)
    factor = ratio ** rule["power"]
    wider = WIDER_FRACTION if result["unit"] == "fraction" else WIDER
    wider = wider**2 if "why" in rule else wider
    if fields["distribution"] == "fixed":
        # A count in one province is only an estimate in another.
        result["distribution"] = "lognormal"
    unit = result["unit"]
    value = _tidy(fields["value"] * factor, unit)
    if unit in COUNTED:
        value = max(round(value), 1)
    result["value"] = value
    result["low"] = min(_tidy(fields["low"] * factor / wider, unit), value)
    result["high"] = max(_tidy(fields["high"] * factor * wider, unit), value)
    by = f"{_words(rule['indicator'])} over {_words(over)}" if over else _words(rule["indicator"])
    result["note"] = (
        f"Scaled from {origin} ({fields['value']:g}) by {by} in {year}{rule.get('why', '')}: "
        f"ratio {ratio:.3g}, power {rule['power']:g}; "
        f"bounds wider by a factor {wider:g}. There: {fields['note']}"
    )
    return result


def _rule_with_figures(sources: Sources, province: str, origin: str, rule: dict[str, Any]) -> dict[str, Any]:
    """Give a rule by which both provinces can be compared: the rule itself, or what stands in for it.

    A size is scaled by the first of `STAND_INS` that is known of both, a share is taken over as it is;
    ``why`` of the rule says so then.

    Raises
    ------
    InputError
        If nothing can be compared.
    """
    if rule["how"] == "unscaled" or sources.compares(rule, province, origin):
        return rule
    if "otherwise" in rule:
        return _rule_with_figures(sources, province, origin, rule["otherwise"])
    try:
        sources.ratio(rule["indicator"], province, origin, sources.year(rule["year"]), rule.get("over", ()))
    except InputError:
        why = f", for {_words(rule['indicator'])} is not known here"
        if rule.get("over"):
            return {**rule, "how": "unscaled", "why": why}
        for indicator in STAND_INS:
            other = {**rule, "indicator": indicator, "year": sources.last_year, "why": why}
            if sources.compares(other, province, origin):
                return other
        raise
    return rule  # the figure is zero, and so is what is scaled by it


def _words(names: str | Sequence[str]) -> str:
    return names if isinstance(names, str) else " times ".join(names)


def _shrink(fields: dict[str, Any], factor: float) -> None:
    for key in ("low", "value", "high"):
        fields[key] = _tidy(fields[key] * factor, fields["unit"])
    fields["note"] += f" Shares shrunk together so that they sum to {SHARES_AT_MOST:g} at most."


def _tidy(value: float, unit: str) -> float:
    """Round to four digits, and keep a fraction inside its range."""
    if unit == "fraction":
        value = min(max(value, SMALLEST_FRACTION), LARGEST_FRACTION)
    return float(f"{value:.4g}")
