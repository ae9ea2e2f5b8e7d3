"""``calibrate --all`` and ``calibrate --from``: all provinces, and one of them again without a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from ...engine.errors import InputError
from ..tables.taken_down import written_to
from ..words.of_estimates import size_words, time_words
from ..words.of_fits import group_line
from ..words.of_provinces import province_name
from ..words.phrases import Language, say
from .progress_bar import open_progress

if TYPE_CHECKING:
    from ...experiments.fitting_provinces.calibrate_all import AllOptions, FittedAll
    from ...experiments.fitting_provinces.estimate_all import AllEstimate
    from ...experiments.planning.door_to_model import Model

_OF_ONE: Final = {"province": "shaanxi", "observed": None, "until": None, "scale": 0.1, "rule": None}
"""What a fit of one province may be asked and those of all may not, with its default."""

_OF_THE_FIT_IN_FULL: Final = {"ensembles": 4, "members": 400, "assimilations": 4}
"""What makes the size of a fit in full, which beside all others is the one that gives behaviour."""

_OF_A_NEW_FIT: Final = {
    name: value
    for name, value in {**_OF_ONE, **_OF_THE_FIT_IN_FULL}.items()
    if name not in ("province", "observed")
}


def calibrate_all_command(given: Mapping[str, Any], language: Language) -> int:
    """Fit all provinces, or say what it will take; 1 if runs failed or a province was left out."""
    from ...experiments.fitting_provinces.calibrate_all import AllOptions, calibrate_all
    from ...experiments.fitting_provinces.estimate_all import estimate_of_all

    _refuse(given, _OF_ONE, "all", "leave it out: with --all each province has the size of its own fit")
    if not given["all_provinces"]:
        raise InputError("provinces are named without --all", key="provinces", allowed="together with --all")
    asked = {**given, "provinces": given["provinces"] or ()}
    options = AllOptions.from_words(asked)
    if size := {name: given[name] for name, usual in _OF_THE_FIT_IN_FULL.items() if given[name] != usual}:
        options = options.but(first=options.in_full(**size))

    def announce(options: AllOptions, model: Model) -> None:
        typer.echo(estimate_line(estimate_of_all(options, model), language))
        if given["dry_run"]:
            raise typer.Exit

    with open_progress(language, given["log"]) as progress:
        done = calibrate_all(options.but(progress=progress, announce=announce))
    for line in summary_of_all(done, language):
        typer.echo(line)
    if options.packs is not None:
        command = f"shaanxi-transfer forecast --all {options.packs} --belief {done.folder}"
        typer.echo(say("calibrate.next_all", language, command=command))
    return 1 if done.left_out or done.failed else 0


def estimate_line(estimate: AllEstimate, language: Language) -> str:
    """Say what the fits of all provinces will take."""
    return say(
        "calibrate.estimate_all",
        language,
        provinces=estimate.provinces,
        runs=estimate.runs,
        planned=estimate.planned,
        further=estimate.further,
        time=time_words(estimate.seconds, language),
        workers=estimate.workers,
        memory=size_words(estimate.memory),
    )


def summary_of_all(done: FittedAll, language: Language) -> list[str]:
    """Say which provinces have a posterior, which have none, and where all is."""
    from ...experiments.fitting_provinces.calibrate_all import HAS_POSTERIOR

    fits = done.fits
    written = fits[fits["posterior"].isin(HAS_POSTERIOR)]
    poor = fits[~fits["province"].isin(written["province"])]
    lines = [
        say(
            "calibrate.made_all",
            language,
            posteriors=len(written),
            provinces=len(fits),
            runs=int(fits["runs"].sum()),
            time=time_words(done.seconds, language),
            failed=done.failed,
        )
    ]
    lines += [
        say("calibrate.too_poor", language, province=row.province, draws=f"{row.draws_worth:.0f}")
        for row in poor.itertuples()
    ]
    lines += [
        say("calibrate.left_out", language, province=name, why=why) for name, why in done.left_out.items()
    ]
    lines += change_lines_of_all(done, language)
    files = "fits.csv, */posterior.csv, */posterior.yaml"
    return [*lines, say("calibrate.files", language, folder=written_to(done.folder), files=files)]


def change_lines_of_all(done: FittedAll, language: Language) -> Iterator[str]:
    """Say for each group of parameters what all fits changed against the beliefs of the package."""
    from ...experiments.calibrating.against_shipped import MOVED_BY, changes_of_fits

    if not done.worlds:
        return
    without, groups = changes_of_fits(done.worlds)
    tables = {world.pack().name: world.parameter_table() for world in done.worlds.values()}
    yield say("calibrate.against_shipped_in_all", language, step=f"{MOVED_BY:g}", provinces=len(tables))
    if without:
        names = say("amounts.comma", language).join(province_name(name, language) for name in without)
        yield say("calibrate.against_prior_in_all", language, names=names)
    for group in groups:
        most = tables[group.province][group.most]
        yield group_line(group, most, language, province_name(group.province, language))


def refit_command(given: Mapping[str, Any], language: Language) -> int:
    """Fit one province again from kept runs, with a table of figures of one's own."""
    from ...experiments.fitting_provinces.refit import refit

    _refuse(given, _OF_A_NEW_FIT, "from", "leave it out: sizes are those of the runs that are there")
    if given["all_provinces"] or given["provinces"] is not None:
        raise InputError("all provinces are asked for", key="from", allowed="one --province")
    done = refit(given["province"], Path(given["earlier"]), given["observed"], given["out"], given["dry_run"])
    typer.echo(
        say(
            "calibrate.refitted",
            language,
            province=done.province,
            changed=", ".join(done.changed) or say("calibrate.no_figure", language),
            before=f"{done.worth_before:.0f}",
            after=f"{done.worth:.0f}",
            moved=f"{done.moved:.2f}",
        )
    )
    if done.folder is not None:
        files = "posterior.csv, posterior.yaml"
        typer.echo(say("calibrate.files", language, folder=written_to(done.folder), files=files))
    return 0


def _refuse(given: Mapping[str, Any], defaults: Mapping[str, Any], beside: str, allowed: str) -> None:
    for name, default in defaults.items():
        if given[name] != default:
            raise InputError(f"{given[name]} cannot be asked beside --{beside}", key=name, allowed=allowed)
