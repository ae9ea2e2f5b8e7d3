"""What lies outside the model: national demand, research budgets, output, the registries elsewhere.

Observed up to the last year of the pack, or to an earlier one from which a forecast is tried on the past;
from then on each future draws its own path: a log random walk whose drift is the mean
of the last years (``drift_window_years``), itself uncertain. What the nation does is one luck for
all provinces; the luck of a province's own paths is in part its own (decision 0039). The nation's
contracts may be drawn by the national forecast instead (``national_forecast``, decision 0045).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...engine import luck
from ...engine.errors import InputError
from .luck_of_paths import Luck, luck_of_path
from .national_growth import growth_of_nation

if TYPE_CHECKING:
    from ...scenarios import Pack, Scenario
    from ...scenarios.choosing.pack_years import PackYears

Path = npt.NDArray[np.float64]
Series = dict[int, float]
Growth = Callable[[int], float]
"""Growth of the logarithm from the year before, by year."""

_UNCERTAIN_AS: Final = {
    "national_count": "national_count",
    "national_value": "national_value",
    "rd": "rd",
    "national_rd": "rd",
    # Public science spending and output have no estimate of their own: taken to be as uncertain as R&D.
    "fiscal_science": "rd",
    "output": "rd",
}
_DRIFT = luck.mechanism("drift of an outside path")
_SHOCK = luck.mechanism("shock to an outside path")


@dataclass(frozen=True)
class OutsideWorld:
    """Yearly paths of one future, from `PackYears.first_read` to `PackYears.latest`.

    Attributes
    ----------
    paths : dict of str to ndarray of float64 of shape (years,)
        ``national_count`` (contracts of all other provinces), ``national_value``
        and ``national_mean`` (their value and mean value, yuan), ``rd`` (R&D of the province, yuan),
        ``fiscal_science`` (public science spending, yuan), ``output`` (nominal
        output of the province, yuan), ``coverage_elsewhere`` (fraction); ``national_rd`` (R&D of the
        nation, yuan) where purchases follow the market.
    anchors : dict of str to float
        Levels of the middle of the last year that the pack knows, in which parameters are counted: as
        observed, even where the path is drawn from an earlier year on, so that no draw moves the past.
    years : PackYears
        Of the pack.
    observed_until : int
        Last year whose figures are known.
    """

    paths: dict[str, Path]
    anchors: dict[str, float]
    years: PackYears
    observed_until: int
    _seen: dict[tuple[str, float], float] = field(default_factory=dict, repr=False, compare=False)

    def level(self, name: str, year: int) -> float:
        """Value of a path in a calendar year."""
        return float(self.paths[name][year - self.years.first_read])

    def between(self, name: str, date: float) -> float:
        """Value at a date, on the log line between the middles of two years.

        From the middle of the last observed year to its end the line goes on as before,
        so that what a future draws for the next leaves the last as it was observed.
        """
        value = self._seen.get((name, date))
        if value is None:
            value = self._seen[name, date] = self._interpolate(name, date)
        return value

    def relative(self, name: str, date: float) -> float:
        """Value at a date over that of the middle of the pack's last year."""
        return self.between(name, date) / self.anchors[name]

    def _interpolate(self, name: str, date: float) -> float:
        last = self.observed_until
        eve = last + 1.0
        if eve - 0.5 < date < eve + 0.5:
            middle = self._log(name, last)
            end = middle + 0.5 * (middle - self._log(name, last - 1))
            if date <= eve:
                return math.exp(middle + 2.0 * (date - eve + 0.5) * (end - middle))
            return math.exp(end + 2.0 * (date - eve) * (self._log(name, last + 1) - end))
        first = self.years.first_read
        position = date - 0.5 - first
        year = max(0, min(len(self.paths[name]) - 2, math.floor(position))) + first
        share = min(1.0, max(0.0, date - 0.5 - year))
        return math.exp((1.0 - share) * self._log(name, year) + share * self._log(name, year + 1))

    def _log(self, name: str, year: int) -> float:
        return math.log(self.paths[name][year - self.years.first_read])


def outside_world(scenario: Scenario, pack: Pack, parameters: dict[str, float], seed: int) -> OutsideWorld:
    """Make the outside world of one future.

    Parameters
    ----------
    scenario : Scenario
        Says whether paths are drawn, constant (for tests) or given.
    pack : Pack
        Observed series of the province and of the nation. By its name the place draws its own luck.
    parameters : dict of str to float
        Standard deviations of drift and shock, and the part of the variance of an own path's luck that
        all provinces have in common (``common_luck_rd`` and so on, fraction); whether the national forecast
        draws the nation's contracts, and how far purchases follow them.
    seed : int
        The future's seed; the paths are the same in every scenario of that future.

    Returns
    -------
    OutsideWorld

    Raises
    ------
    InputError
        If the pack has no observation of a needed series, or a part in common is no fraction.
    """
    observed = {
        "national_count": _elsewhere(pack, "contract_count_output"),
        "national_value": _elsewhere(pack, "contract_value_output"),
        "rd": pack.series_of("rd_expenditure", "province"),
        "fiscal_science": pack.series_of("fiscal_science_technology", "province"),
        "output": pack.series_of(_output_indicator(pack), "province"),
    }
    if parameters["imports_follow_market"] > 0.0:
        observed["national_rd"] = pack.series_of("rd_expenditure", "china")
    options, years = scenario.outside, pack.years
    until, first = options.observed_until, years.first_read
    for name, series in observed.items():
        if sum(first <= year <= until for year in series) < 2:
            raise InputError(
                f"pack {pack.name!r} has fewer than two observations of {name} up to {until}",
                allowed="2 or more",
            )
    given = _given(scenario, pack, observed)
    luck_of = seed if options.seed is None else options.seed
    nation: dict[str, Growth] = {}
    if parameters["national_forecast"]:
        ahead = range(until + 1, max(until, scenario.quarters[-1].year) + 2)
        nation = growth_of_nation(pack, ahead, luck_of if scenario.draw_outside else None)
    paths = {}
    for name, series in observed.items():
        # Asked for in a world without draws as well, so that a bad value is refused there too.
        drawn = luck_of_path(luck_of, name, pack.name, parameters)
        known = {year: math.log(series[year]) for year in sorted(series) if first <= year <= until}
        walk = _walk(name, known, parameters, drawn if scenario.draw_outside else None, years)
        paths[name] = _extend(known, given[name], nation.get(name, walk), years)
    # Number and value of contracts elsewhere are drawn, and the mean value follows: in the past what the
    # number missed, the mean made up for, so that the value was steadier than either (driver_backtest).
    paths["national_mean"] = paths["national_value"] / paths["national_count"]
    paths["coverage_elsewhere"] = _coverage_elsewhere(parameters, years)
    anchors = {name: math.exp(_line(observed[name], years.last)) for name in observed}
    anchors["national_mean"] = anchors["national_value"] / anchors["national_count"]
    if options.constant:
        paths = {name: np.full_like(path, path[years.first - first]) for name, path in paths.items()}
        anchors = {name: float(paths[name][0]) for name in anchors}
    return OutsideWorld(paths, anchors, years, until)


def _output_indicator(pack: Pack) -> str:
    """Gross product is in few packs; public spending, which all have, stands in for it."""
    return "gdp" if pack.has_series("gdp") else "fiscal_total"


def _elsewhere(pack: Pack, indicator: str) -> Series:
    """National total less the province's own part: what all others sold.

    Where the province's own part of a year is not known, it is that of the nearest known year.
    """
    nation, last = pack.series_of(indicator, "china"), pack.years.last
    own = pack.series_of(indicator, "province")
    parts = {year: own[year] / nation[year] for year in own if year in nation and year <= last}
    if not parts:
        return {}
    return {
        year: nation[year] - own[year]
        if year in own
        else nation[year] * (1.0 - parts[min(parts, key=lambda known: abs(known - year))])
        for year in nation
        if year <= last
    }


def _given(scenario: Scenario, pack: Pack, observed: dict[str, Series]) -> dict[str, Series]:
    """Later years that the user states, for a conditional forecast.

    Where only the nation's contracts are stated, the others' part of it is that of
    the last observed year.
    """
    rows = scenario.outside_rows()
    given: dict[str, Series] = {name: {} for name in observed}
    if rows is None:
        return given

    def stated(indicator: str, scope: str) -> Series:
        chosen = rows[(rows["indicator"] == indicator) & (rows["scope"] == scope)]
        return dict(zip(chosen["year"].tolist(), chosen["value"].tolist(), strict=True))

    for name, indicator in (
        ("national_count", "contract_count_output"),
        ("national_value", "contract_value_output"),
    ):
        own = stated(indicator, "province")
        last = max(year for year in observed[name] if year <= scenario.outside.observed_until)
        share = observed[name][last] / pack.series_of(indicator, "china")[last]
        for year, value in stated(indicator, "china").items():
            given[name][year] = value - own[year] if year in own else value * share
    for name, indicator in (
        ("rd", "rd_expenditure"),
        ("fiscal_science", "fiscal_science_technology"),
        ("output", _output_indicator(pack)),
    ):
        given[name] = stated(indicator, "province")
    return given


def _walk(
    name: str, logs: Series, parameters: dict[str, float], drawn: Luck | None, years: PackYears
) -> Growth:
    """Let a path go on by the drift of its last years and by shocks; without luck by the drift alone."""
    first, last = min(logs), max(logs)
    window = round(parameters["drift_window_years"])
    base = max((year for year in logs if year <= last - window), default=first)
    drift = (logs[last] - logs[base]) / (last - base)
    if drawn is None:
        return lambda year: drift
    drift += parameters[f"drift_sd_{_UNCERTAIN_AS[name]}"] * drawn(_DRIFT, 0)
    spread = parameters[f"shock_sd_{_UNCERTAIN_AS[name]}"]
    return lambda year: drift + spread * drawn(_SHOCK, years.luck_of(year))


def _extend(logs: Series, given: Series, growth: Growth, of_pack: PackYears) -> Path:
    """Join observations on log lines, cast back at the first known growth, and go on after the last.

    A stated year takes the place of the drawn one, and the path goes on from it.
    """
    first, last = min(logs), max(logs)
    # What is not observed before the first year grew, by assumption, as over the first five known ones.
    span = min(logs, key=lambda year: abs(year - (first + 5)))
    early = (logs[span] - logs[first]) / max(1, span - first)
    begin, end = of_pack.first_read, of_pack.latest
    years = np.arange(begin, end + 1)
    path = np.interp(years, list(logs), list(logs.values()))
    path[years < first] = logs[first] - early * (first - years[years < first])
    level = logs[last]
    for year in range(last + 1, end + 1):
        level += growth(year)
        level = math.log(given[year]) if year in given else level
        path[year - begin] = level
    return np.asarray(np.exp(path), dtype=np.float64)


def _line(series: Series, year: int) -> float:
    """Logarithm of a series in a year, on the line between the years that are known."""
    known = sorted(series)
    return float(np.interp(year, known, [math.log(series[each]) for each in known]))


def _coverage_elsewhere(parameters: dict[str, float], of_pack: PackYears) -> Path:
    """Share of the contracts signed elsewhere that the registries there enter: a straight line, then flat.

    The nation's series count what is registered, so that as far as purchases follow them the share stays what
    it became: its rise is in them already, and one that ends with the year from which a forecast is made
    would be growth that the past has and no forecast.
    """
    years = np.arange(of_pack.first_read, of_pack.latest + 1)
    low, high = parameters["registration_elsewhere_2010"], parameters["registration_elsewhere_2017"]
    follow = parameters["imports_follow_market"]
    low = low ** (1.0 - follow) * high**follow
    return np.asarray(np.interp(years, [of_pack.first, of_pack.levels_of], [low, high]), dtype=np.float64)
