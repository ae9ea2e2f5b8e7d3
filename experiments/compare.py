"""What changes if we do this instead? Several scenarios against one, in the same futures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engine.errors import InputError, RunError
from ..engine.words import say
from .comparing.lever_steps import LeverSteps
from .comparing.waterfall import Waterfall, carry_out, steps_between
from .forecast import Forecast, make_forecast, warn_of_beliefs, worlds_of
from .forecasting.estimate import Estimate
from .forecasting.options import ForecastOptions
from .gaining.breakdowns import checked, taken_down_for
from .keeping.shown import Shown
from .planning import door_to_model
from .planning.own_code import own_code
from .running.progress import ProgressFunction
from .who_gains import WhoGains, read_gains, who_gains

if TYPE_CHECKING:
    import pandas as pd

    from ..scenarios import Scenario

__all__ = ["Comparison", "broken_down", "compare", "compare_as", "comparison_of"]

_OF_THE_FUTURE = ("province", "belief", "draw_parameters", "draw_outside", "outside")
"""Fields of a scenario that say what its futures are: unless two agree in them, nothing is paired."""


@dataclass(frozen=True, repr=False)
class Comparison(Shown):
    """A finished comparison: what each scenario changes against the base, and the forecast behind it.

    Attributes
    ----------
    forecast : Forecast
        Of the same scenarios in the same folder: chances of targets, bands of indicators, failed runs.
    waterfalls : tuple of Waterfall
        From the base to each scenario, lever by lever, if that was asked for.
    """

    forecast: Forecast
    waterfalls: tuple[Waterfall, ...] = ()

    @classmethod
    def read(cls, folder: str | Path) -> Comparison:
        """Read a finished comparison from its folder.

        Raises
        ------
        InputError
            If the folder holds no finished forecast of two scenarios or more.
        """
        forecast = Forecast.read(folder)
        if forecast.differences.empty:
            raise InputError(
                f"{str(folder)!r} holds no scenario against another",
                key="folder",
                allowed="a forecast of two scenarios or more, made by this version",
            )
        return cls(forecast)

    @property
    def differences(self) -> pd.DataFrame:
        """``differences.csv``: a row for each scenario and target, indicator and year, or cost."""
        return self.forecast.differences

    @property
    def gains(self) -> WhoGains:
        """Who gains and who loses, if the comparison was asked for it (``by``); see `who_gains.who_gains`."""
        return read_gains(self.folder)

    @property
    def folder(self) -> Path:
        """Folder that holds everything."""
        return self.forecast.folder

    @property
    def failed(self) -> int:
        """Number of runs that failed; their futures are compared with nothing."""
        return self.forecast.failed

    @property
    def exit_code(self) -> int:
        """0 if every run ended well, 1 if some failed."""
        return max(self.forecast.exit_code, *(one.exit_code for one in self.waterfalls), 0)

    def plot(self, lang: str | None = None) -> Any:
        """Draw the differences over the years, a panel for each target and one for the net public cost.

        Parameters
        ----------
        lang : {'en', 'zh'}
            Language of the labels.

        Returns
        -------
        matplotlib.figure.Figure
            Shown by a notebook.
        """
        return self._drawn(lang)

    def __repr__(self) -> str:
        """Say where it is, and what is compared."""
        base = next(iter(self.differences["base"]))
        others = " and ".join(dict.fromkeys(self.differences["scenario"].astype(str)))
        return f"<Comparison in {str(self.folder)!r}: {others} against {base}, {self.failed} runs failed>"


def compare(
    *scenarios: Scenario | str | Path,
    base: Scenario | str | Path | None = None,
    province: str | None = None,
    runs: int = 100,
    scale: float = 0.1,
    seed: int = 1,
    out: str | Path | None = None,
    workers: int | None = None,
    outside: str | Path | None = None,
    cluster: str | None = None,
    belief: str | None = None,
    without: str | Collection[str] = (),
    counting: str | Mapping[str, str] | None = None,
    waterfall: bool = False,
    by: str | Sequence[str] = (),
    rules: Mapping[str, Callable[..., Any] | str] | Sequence[str] | None = None,
    indicators: Mapping[str, Any] | None = None,
    announce: Callable[[Estimate], None] | None = None,
    progress: ProgressFunction | None = None,
) -> Comparison:
    """Run scenarios in the same futures, and say what each changes against one of them, future by future.

    It is the forecast of these scenarios, whose folder, runs and options it shares: see `forecast.forecast`.

    Parameters
    ----------
    *scenarios : Scenario, str or Path
        Scenarios, names or files.
    base : Scenario, str or Path, optional
        What the others are held against, named among them or not; the first one by default.
    province, runs, scale, seed, out, workers, outside, cluster, belief, without, counting
        As of `forecast.forecast`; two futures at least.
    waterfall : bool
        Go from the base to each scenario lever by lever as well, in folders below ``out``; about 1.4 runs for
        each lever in each future. The scenarios may then differ in levers alone.
    by : str or sequence of str
        Break every difference down by ``city``, ``kind`` or ``size`` of actor; see `who_gains.who_gains`. For
        sizes the runs take down more than a forecast's, in a folder of their own.
    rules, indicators, announce, progress
        As of `forecast.forecast`.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If nothing is named that could be compared, scenarios do not share their futures, or anything else is
        refused; no run is made then.
    RunError
        If two scenarios have no future in which both ended well.

    Examples
    --------
    >>> from shaanxi_transfer import compare, load
    >>> half = load("action_plan").set(fund_size=7.5e9, name="half")
    >>> compare(half, "no_plan", base="action_plan", runs=200).plot()  # doctest: +SKIP
    """
    given = locals()
    own = own_code(given.pop("rules"), given.pop("indicators"))
    named, held, falls = given.pop("scenarios"), given.pop("base"), given.pop("waterfall")
    asked = checked(given.pop("by"))
    options = broken_down(compare_as(named, held, ForecastOptions(**given, own=own)), asked)
    return comparison_of(options, waterfall=falls, by=asked)


def broken_down(options: ForecastOptions, by: Sequence[str]) -> ForecastOptions:
    """Let runs take down what a breakdown needs and no ordinary record holds."""
    if not (more := taken_down_for(by)):
        return options
    return options.but(own=replace(options.own, taken_down=more))


def compare_as(
    scenarios: Sequence[Scenario | str | Path],
    base: Scenario | str | Path | None,
    options: ForecastOptions,
) -> ForecastOptions:
    """Turn a comparison into the forecast that it is: one scenario, others beside it, and the base.

    Changes of the options (``--set``) are made in every scenario but the base; a base that is named alone is
    held against itself as changed. A scenario that is held against itself has another name.

    Raises
    ------
    InputError
        If nothing is left to compare, or fewer than two futures are asked for.
    """
    if options.runs < 2:
        raise InputError(
            f"{options.runs} future makes no pairs to compare",
            key="runs",
            allowed="2 or more; nothing is visible in fewer than 10",
        )
    if not scenarios and base is None:
        raise InputError("no scenario is named", key="scenarios", allowed="two or more, or one and `base`")
    named: list[Any] = list(scenarios) if scenarios else [base]
    twice = len(named) > 1 or base is not None
    base = named[0] if base is None else base
    foot = door_to_model.loaded(base)
    others = [one for one in named if door_to_model.loaded(one).name != foot.name]
    if options.changes:
        others = [door_to_model.changed(one, options.changes) for one in others or [base]]
    elif not others and not twice:
        raise InputError(
            f"{foot.name!r} alone is compared with nothing",
            key="scenarios",
            allowed="another scenario, `base`, or changes (--set)",
        )
    first, *also = [_another(one, foot) for one in others or [foot]]
    return options.but(scenario=first, also=tuple(also), against=base, changes=())


def _another(scenario: Any, base: Scenario) -> Any:
    """Give a scenario that bears the name of the base one of its own."""
    found = door_to_model.loaded(scenario)
    if found.name != base.name:
        return scenario
    titles = {
        "title_en": say("compare.again", "en", title=found.title_en),
        "title_zh": say("compare.again", "zh", title=found.title_zh),
    }
    return found.set(name=f"{found.name}_again", **titles)


def check_paired(worlds: Mapping[str, Scenario]) -> None:
    """Refuse worlds of other futures than the base has, which stands last: no difference is paired then."""
    *others, base = worlds.values()
    for world in others:
        for field in _OF_THE_FUTURE:
            one, other = getattr(world, field), getattr(base, field)
            if one != other:
                raise InputError(
                    f"{world.name!r} has {field} {one!r}, {base.name!r} has {other!r}: they share no future",
                    key="base",
                    allowed=f"scenarios with the same {field}",
                )


def comparison_of(
    options: ForecastOptions,
    make: Callable[[ForecastOptions], Forecast] | None = None,
    *,
    waterfall: bool = False,
    by: Sequence[str] = (),
    announce_way: Callable[[LeverSteps], None] | None = None,
) -> Comparison:
    """Make a comparison; ``options`` are of `compare_as`, ``make`` makes the forecast (here and now).

    ``announce_way`` is called with each way of a waterfall before anything is run.
    """
    worlds = worlds_of(options)
    check_paired(worlds)
    *others, base = worlds
    ways = [steps_between(worlds[base], worlds[name], options) for name in others] if waterfall else []
    if announce_way is not None:
        for way in ways:
            announce_way(way)
    if make is None:
        warn_of_beliefs(worlds, stacklevel=4)
        forecast = make_forecast(worlds, door_to_model.model(options.own), options)
    else:
        forecast = make(options)
    pairs = forecast.differences.groupby("scenario")["pairs"].max()
    for name in others:
        if not pairs.get(name, 0):
            raise RunError(
                f"there is no future in which both {name!r} and {base!r} ended well; failures.csv in"
                f" {forecast.folder} says why"
            )
    model = door_to_model.model(options.own)
    if by:
        who_gains(forecast.folder, by)
    falls = [carry_out(way, model, options, waterfall_folder(forecast.folder, way.end.name)) for way in ways]
    return Comparison(forecast, tuple(falls))


def waterfall_folder(folder: Path, scenario: str) -> Path:
    """Name the folder of the waterfall that leads to a scenario, below that of its comparison."""
    return folder / f"waterfall_{scenario}"


Forecast.comparer = staticmethod(Comparison.read)
