"""Live futures once, up to the plan, and ask them about one policy after the other."""

from __future__ import annotations

import time
import uuid
import warnings
import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from ..engine.errors import InputError
from ..engine.quarters import Quarter
from ..engine.seed_and_scale import is_whole
from .compare import Comparison, compare_as, comparison_of
from .forecast import Forecast, make_forecast, warn_of_beliefs, worlds_of
from .forecasting.options import ForecastOptions
from .keeping.manifest import hash_of_code, hash_of_data
from .planning import door_to_model
from .planning.kept_past import KeptPast, steps_of
from .planning.own_code import own_code
from .planning.plan_of_runs import future_seed
from .planning.runs import Failed
from .running.kept_memory import KeptEstimate, in_megabytes, measured, room_for_futures
from .running.kept_workers import KeptWorkers
from .running.process_context import usable_cores
from .running.progress import Progress, ProgressFunction

if TYPE_CHECKING:
    from ..scenarios import Scenario

__all__ = ["KeptFutures", "keep"]

_MIXED: Final = ("province", "belief")
"""Fields of a scenario that are asked of `keep`, for all scenarios alike."""


def keep(
    province: str = "shaanxi",
    *,
    runs: int = 200,
    scale: float = 0.1,
    seed: int = 1,
    workers: int | None = None,
    scenarios: Sequence[Scenario | str | Path] = ("action_plan", "no_plan"),
    belief: str | None = None,
    outside: str | Path | None = None,
    rules: Mapping[str, Callable[..., Any] | str] | Sequence[str] | None = None,
    indicators: Mapping[str, Any] | None = None,
    memory: int | None = None,
    announce: Callable[[KeptEstimate], None] | None = None,
    progress: ProgressFunction | None = None,
) -> KeptFutures:
    """Live futures once, up to the last quarter in which scenarios agree, and hold them there.

    Each question to them then costs only what is left of a run; see `KeptFutures.forecast`.

    Parameters
    ----------
    province : str
        Pack of a province, or the folder of one.
    runs : int
        Number of futures.
    scale : float
        Share of the many small actors that is simulated, from 0.01 to 1.
    seed : int
        As of `forecast.forecast`: the futures are the same ones.
    workers : int, optional
        Worker processes, each of which holds its share of the futures; one for each usable core by default,
        0 for this process.
    scenarios : sequence of Scenario, str or Path
        The futures are held at the end of the last quarter in which these order the same: for the plan and
        its absence on the eve of the plan.
    belief : str, optional
        ``posterior``, ``prior``, or the folder of a calibration; each scenario's own by default.
    outside : str or Path, optional
        CSV in the panel's form, whose later rows replace the drawn outside paths.
    rules, indicators : mapping, optional
        From outside; see `forecast.forecast`.
    memory : int, optional
        Bytes that the futures may take together; by default what is free, less what workers need themselves.
    announce : callable, optional
        Called with a `kept_memory.KeptEstimate` before the start, when one future is measured. If it raises,
        nothing is kept.
    progress : callable, optional
        Called with a `progress.Progress` as futures are ready.

    Returns
    -------
    KeptFutures
        Close it, or use it in a ``with`` block, to free its processes.

    Raises
    ------
    InputError
        If anything of the above is refused, or the futures do not fit into the memory: with the number that
        would.

    Examples
    --------
    >>> from shaanxi_transfer import keep, load
    >>> with keep("shaanxi", runs=200) as kept:  # doctest: +SKIP
    ...     half = kept.forecast(load("action_plan").set(fund_size=7.5e9, name="half"))
    """
    if memory is not None and not (is_whole(memory) and memory > 0):
        raise InputError(
            f"{memory!r} bytes cannot be set aside", key="memory", allowed="a whole number of bytes above 0"
        )
    if isinstance(scenarios, str | Path) or not scenarios:
        raise InputError(
            f"{scenarios!r} is no list of scenarios", key="scenarios", allowed="one or more, in a list"
        )
    options = ForecastOptions(
        scenario=scenarios[0],
        against=None,
        also=tuple(scenarios[1:]),
        province=province,
        runs=runs,
        scale=scale,
        seed=seed,
        workers=workers,
        belief=belief,
        outside=None if outside is None else Path(outside),
        own=own_code(rules, indicators),
    )
    worlds = worlds_of(options)
    warn_of_beliefs(worlds, stacklevel=3)
    past = _past_of(worlds, options)
    door_to_model.model(options.own).warm()
    count = min(options.runs, usable_cores() if options.workers is None else options.workers)
    estimate = measured(past, options.seed, options.runs, room_for_futures(count, memory))
    estimate.check()
    if announce is not None:
        announce(estimate)
    kept = KeptFutures(past, options, count, estimate)
    try:
        kept._live(0, options.runs, progress)
    except BaseException:
        kept.close()
        raise
    return kept


def _past_of(worlds: Mapping[str, Scenario], options: ForecastOptions) -> KeptPast:
    """Find the longest past that some scenarios share."""
    base, *others = worlds.values()
    whole = KeptPast(uuid.uuid4().hex, base, steps_of(base), options.scale, options.own)
    steps = min((whole.in_common(other) for other in others), default=whole.steps)
    if steps == 0:
        differing = next(other for other in others if not whole.in_common(other))
        raise InputError(
            f"{base.name!r} and {differing.name!r} have no quarter in common: {whole.why_not(differing)}",
            key="scenarios",
            allowed="scenarios of one world whose policies agree at first",
        )
    return replace(whole, steps=min(steps, whole.steps - 1))  # something is left for a policy to say


class KeptFutures:
    """Futures that were lived up to a quarter and wait there; made by `keep`.

    Attributes
    ----------
    quarter : Quarter
        The last one that was lived.
    runs : int
        Number of futures.
    nbytes : int
        Bytes that they take together.
    failed : tuple of Failed
        Futures that ended on the way and are not kept, each with how. A warning names them; so does each
        forecast, in which their runs fail again.
    """

    def __init__(self, past: KeptPast, options: ForecastOptions, workers: int, each: KeptEstimate) -> None:
        self.quarter: Quarter = past.quarter
        self.runs = 0
        self.nbytes = 0
        self.failed: tuple[Failed, ...] = ()
        self._past = past
        self._options = options
        self._each = each
        self._basis = self._basis_now()
        self._workers = KeptWorkers(past, workers)
        self._close = weakref.finalize(self, self._workers.close)

    def grow(self, runs: int, progress: ProgressFunction | None = None) -> None:
        """Live further futures, up to so many in all, beside those that are kept.

        ``progress`` is as of `keep`; if it raises, as many are kept as before. An `InputError` says that they
        do not fit into the memory, or that nothing can be asked of these futures any more.
        """
        self._check({}, None)
        if self._options.but(runs=runs).runs > self.runs:
            self._live(self.runs, runs, progress)

    def _live(self, first: int, runs: int, report: ProgressFunction | None) -> None:
        """Live the futures from `first` on, and stop when they take more than there is room for after all."""
        began, estimate = time.monotonic(), replace(self._each, futures=runs)
        futures = [(number, future_seed(self._options.seed, number)) for number in range(first, runs)]
        nbytes, failures = self.nbytes, self.failed
        done = first - len(failures)
        try:
            for taken in self._workers.keep(futures):
                if isinstance(taken, Failed):
                    self.failed += (taken,)
                else:
                    done += 1
                    self.nbytes += taken
                    replace(estimate, bytes_each=-(-self.nbytes // done)).check()
                if report is not None:
                    ended, failed = done + len(self.failed), len(self.failed)
                    report(Progress("run", ended, runs, failed, time.monotonic() - began))
        except BaseException as error:
            self.nbytes, self.failed = nbytes, failures
            if not isinstance(error, MemoryError):
                raise
            raise InputError(
                f"a process has no memory left after {done} futures",
                key="runs",
                allowed=f"up to {done} futures, or a smaller scale",
            ) from error
        self.runs = runs
        if self.failed != failures:
            named = "; ".join(f"future {one.run.future} ({one.kind}): {one.message}" for one in self.failed)
            warnings.warn(f"{len(self.failed)} of {self.runs} futures are not kept: {named}", stacklevel=3)

    def forecast(
        self,
        scenario: Scenario | str | Path = "action_plan",
        *,
        against: Scenario | str | Path | None = "no_plan",
        also: Scenario | str | Path | Sequence[Scenario | str | Path] = (),
        runs: int | None = None,
        out: str | Path | None = None,
        without: str | Collection[str] = (),
        counting: str | Mapping[str, str] | None = None,
        progress: ProgressFunction | None = None,
        **asked: Any,
    ) -> Forecast:
        """Make the forecast that `forecast.forecast` makes, and run only what is left of its futures.

        A scenario that orders something else before the kept quarter, or assumes another world, is run whole
        in the same futures. A warning says so, and ``made_whole`` of the answer names it.

        Parameters
        ----------
        scenario, against, also, out, without, counting, progress
            As of `forecast.forecast`.
        runs : int, optional
            The first so many of the futures; all by default.
        **asked
            ``province``, ``belief``, ``outside``, ``scale``, ``seed``: only as they were asked of `keep`.

        Returns
        -------
        Forecast
            Its rows are equal to the bit to those of ``forecast`` of the same scenarios, number of futures,
            province, scale and seed.

        Raises
        ------
        InputError
            If anything of the above is refused, the package or a pack has changed since, or the futures are
            closed; nothing is computed then.
        RunError
            If not one run ended well.
        """
        self._check(asked, runs)
        given = [scenario, against, *(also if isinstance(also, list | tuple) else [also])]
        self._check_worlds({one.name: one for one in map(_own, given) if one is not None})
        options = self._options.but(
            scenario=scenario,
            against=against,
            also=also,
            runs=self.runs if runs is None else runs,
            out=out,
            without=without,
            counting=counting,
            progress=progress,
        )
        worlds = worlds_of(options)
        self._check_worlds(worlds)
        reasons = {name: self._why_whole(world, options) for name, world in worlds.items()}
        whole = {name: why for name, why in reasons.items() if why is not None}
        for name, why in whole.items():
            warnings.warn(f"{name!r} is run whole: {why}", stacklevel=2)
        run_one, run_together = self._past.doors()
        model = replace(
            door_to_model.model(options.own), run_one=run_one, run_together=run_together, warm=lambda: None
        )
        return replace(make_forecast(worlds, model, options, self._workers), made_whole=tuple(whole))

    def compare(
        self,
        *scenarios: Scenario | str | Path,
        base: Scenario | str | Path | None = None,
        runs: int | None = None,
        **asked: Any,
    ) -> Comparison:
        """Make the comparison that `compare.compare` makes, and run only what is left of these futures.

        ``scenarios`` and ``base`` are as there, ``runs`` and whatever else is asked as of `forecast`.
        """
        options = self._options.but(runs=self.runs if runs is None else runs)
        chosen = compare_as(scenarios, base, options)

        def make(options: ForecastOptions) -> Forecast:
            named: dict[str, Any] = {"against": options.against, "also": options.also, "runs": options.runs}
            return self.forecast(options.scenario, **named, **asked)

        return comparison_of(chosen, make)

    def _why_whole(self, world: Scenario, options: ForecastOptions) -> str | None:
        """Say why the runs of a world cannot go on from what is kept; None if they can."""
        if "luck" in options.without:
            return "its futures share one luck, and those that are kept have each their own"
        return None if self._past.serves(world) else self._past.why_not(world)

    def _check(self, asked: Mapping[str, Any], runs: int | None) -> None:
        """Refuse what these futures cannot answer, whatever the scenario."""
        if not self._close.alive:
            raise InputError("the kept futures are closed", key="forecast", allowed="those of another `keep`")
        for name, value in asked.items():
            if name not in ("province", "belief", "outside", "scale", "seed"):
                raise InputError(
                    f"{name!r} is no option of kept futures", key=name, allowed="see KeptFutures.forecast"
                )
            kept, wanted = getattr(self._options, name), getattr(self._options.but(**{name: value}), name)
            if kept != wanted:
                raise InputError(
                    f"the futures are kept with {name} {kept}, not {wanted}",
                    key=name,
                    allowed=f"{kept}, or other futures: keep(..., {name}={wanted!r})",
                )
        if runs is not None and is_whole(runs) and runs > self.runs:
            raise InputError(
                f"{self.runs} futures are kept, not {runs}", key="runs", allowed=f"1 to {self.runs}"
            )
        if changed := [name for name, now in self._basis_now().items() if now != self._basis[name]]:
            raise InputError(
                f"{' and '.join(changed)} changed since the futures were kept",
                key="forecast",
                allowed="futures that are kept anew, in a new session of Python",
            )

    def _check_worlds(self, worlds: Mapping[str, Scenario]) -> None:
        """Refuse a scenario of another province or belief than the futures have."""
        kept = self._past.scenario
        for name, world in worlds.items():
            for field in _MIXED:
                mine, its = getattr(kept, field), getattr(world, field)
                if mine != its:
                    raise InputError(
                        f"{name!r} has {field} {its!r}, and the futures are kept with {mine!r}",
                        key=field,
                        allowed=f".set({field}={mine!r}), or other futures: keep(..., {field}={its!r})",
                    )

    def _basis_now(self) -> dict[str, str]:
        """Hash what the past rests on, as it is on the disk now."""
        return {
            "the package": hash_of_code("forecast"),
            "the pack of the province": hash_of_data(self._past.scenario.pack().folder),
        }

    def close(self) -> None:
        """Free the processes and their memory; again does nothing."""
        self._close()

    def __enter__(self) -> Self:
        """Give the futures; they are closed at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Free the processes."""
        self.close()

    def __repr__(self) -> str:
        """Say what is kept, and how much memory it takes."""
        if not self._close.alive:
            return "<KeptFutures, closed>"
        return (
            f"<KeptFutures: {self.runs} of {self._past.scenario.pack().name} up to {self.quarter},"
            f" {in_megabytes(self.nbytes)}>"
        )


def _own(given: Any) -> Scenario | None:
    """Load a scenario that does not come with the package, and so says itself what it is of."""
    from ..scenarios import comes_with_the_package

    return None if given is None or comes_with_the_package(given) else door_to_model.loaded(given)
