"""The command ``draw``: figures that no other command draws beside its table."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ...engine.errors import InputError, check_choice
from ..words.phrases import Language, check_language, say
from .options import Changes, Lang, Province, Scale, Seed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from ..figures.theme import Origin

Drawing = tuple[Mapping[str, "Figure"], "Origin"]
"""Figures by the names of their files, and what they rest on."""

_COLUMNS: Final = {
    "patterns": ("pattern", "distance", "tolerance", "verdict", "futures"),
    "identifiability": (
        "parameter",
        "prior_q05",
        "prior_q50",
        "prior_q95",
        "posterior_q50",
        "sd_ratio",
        "verdict",
    ),
    "provinces": ("province", "scenario", "indicator", "relative_q50", "futures"),
}
"""Columns without which a table is not the one that is drawn."""
_TURNOVER: Final = "contract_value_output"


def draw_command(
    what: Annotated[str, typer.Argument(help="cities, network, patterns, identifiability or provinces.")],
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            help="The table of patterns, of identifiability or of plans by province; for provinces also the"
            " folders of their finished forecasts. Cities and network take none: they make one run.",
            show_default=False,
        ),
    ] = None,
    scenario: Annotated[
        str, typer.Option("--scenario", help="What is run for cities and network.")
    ] = "action_plan",
    changes: Changes = None,
    province: Province = None,
    year: Annotated[
        int | None,
        typer.Option("--year", help="Whose contracts are drawn; the last known year by default."),
    ] = None,
    seed: Seed = 1,
    scale: Scale = 0.1,
    out: Annotated[Path, typer.Option("--out", help="Folder of the figures.")] = Path("figures"),
    lang: Lang = None,
) -> int:
    """Draw flows between cities, the network of contracts, patterns, identifiability, or provinces."""
    language = check_language(lang)
    check_choice(what, "WHAT", WHAT)
    from ..figures.forecast import FORMATS, save_figure
    from ..figures.theme import sign
    from .last_steps import LastSteps

    given = {
        "sources": sources or [], "scenario": scenario, "changes": tuple(changes or ()), "province": province,
        "year": year, "seed": seed, "scale": scale,
    }  # fmt: skip
    command = shlex.join(["shaanxi-transfer", "draw", what, *_words(given), "--lang", language])
    drawings, origin = WHAT[what](given, command, language)
    last = LastSteps(command)
    for name, figure in drawings.items():
        with last.step(name):
            sign(figure, origin, language)
            for form in FORMATS:
                typer.echo(save_figure(figure, out / f"{name}_{language}.{form}"))
    return last.code()


def _words(given: Mapping[str, Any]) -> list[str]:
    words = [str(one) for one in given["sources"]]
    if not words:
        words += ["--scenario", given["scenario"]]
        words += [word for one in given["changes"] for word in ("--set", one)]
        said = [name for name in ("year", "seed", "scale") if given[name] is not None]
        words += [word for name in said for word in (f"--{name}", f"{given[name]}")]
    return [*words, *(["--province", given["province"]] if given["province"] else [])]


def _of_contracts(what: str, given: Mapping[str, Any], command: str, language: Language) -> Drawing:
    """Make one run, and draw its contracts."""
    from ...experiments.contracts_of_run import contracts_of_run
    from ...experiments.planning.door_to_model import changed, loaded
    from ...scenarios import load_pack
    from ..figures.contracts import draw_cities, draw_network
    from ..figures.origin import origin_in
    from ..words.phrases import title_of

    if given["sources"]:
        raise InputError("makes a run and takes no table", key=what, allowed=f"draw {what} --scenario NAME")
    world = loaded(changed(given["scenario"], given["changes"]), province=given["province"])
    cities = load_pack(world.province).cities
    if what == "cities" and len(cities) < 2:
        raise InputError(
            "nothing is known about its cities, so that it is one place",
            key=f"--province {world.province}",
            allowed="a province with cities of its own in cities.csv",
        )
    year = world.outside.observed_until if given["year"] is None else given["year"]
    contracts = contracts_of_run(world, year, seed=given["seed"], scale=given["scale"])
    figure = (
        draw_cities(contracts, cities, year, language)
        if what == "cities"
        else draw_network(contracts, year, language)
    )
    title = title_of(world, language)
    origin = origin_in(world.province, language, scenarios=(title,), futures=1, command=command)
    return {what: figure}, origin


def _of_patterns(given: Mapping[str, Any], command: str, language: Language) -> Drawing:
    from ..figures.origin import origin_in
    from ..figures.patterns import draw_patterns

    table, province = _table("patterns", given), given["province"] or "shaanxi"
    origin = origin_in(province, language, futures=int(table["futures"].max()), command=command)
    return {"patterns": draw_patterns(table, language)}, origin


def _of_identifiability(given: Mapping[str, Any], command: str, language: Language) -> Drawing:
    from ...experiments.planning.door_to_model import loaded
    from ..figures.identifiability import draw_identifiability
    from ..figures.origin import origin_in

    table, province = _table("identifiability", given), given["province"] or "shaanxi"
    parameters = loaded("no_plan", province=province).parameter_table()
    figure = draw_identifiability(table, parameters, language)
    return {"identifiability": figure}, origin_in(province, language, command=command)


def _of_provinces(given: Mapping[str, Any], command: str, language: Language) -> Drawing:
    """Draw a panel for each folder, and squares for folders or for a table of plans."""
    from ...experiments.planning.door_to_model import model
    from ...scenarios import load_pack
    from ..figures.forecast import target_fans
    from ..figures.provinces import draw_side_by_side, draw_tiles
    from ..figures.theme import Origin
    from ..tables.experiment_folder import read_results
    from ..words.phrases import title_of

    if not given["sources"]:
        raise InputError(
            "nothing to draw", key="provinces", allowed="a table of plans, or folders of forecasts"
        )
    title = title_of(model().definitions.targets[_TURNOVER], language)
    figures: dict[str, Figure] = {}
    scenarios: tuple[str, ...] = ()
    heading = say("figures.tiles_heading", language, title=title)
    if given["sources"][0].suffix == ".csv":
        table = _table("provinces", given)
        mine = table[(table["indicator"] == _TURNOVER) & (table["scenario"] == "action_plan")]
        values = dict(zip(mine["province"], mine["relative_q50"].astype(float), strict=True))
        futures = int(mine["futures"].max())
    else:
        every = [read_results(folder) for folder in given["sources"]]
        fans = []
        values = {}
        for results in every:
            fan = target_fans(results, language).get(_TURNOVER)
            if fan is not None:
                fans.append(replace(fan, title=fan.province, goal=None, goal_year=None))
                values[results.province] = _relative(results)
        futures = min(one.runs for one in every)
        scenarios = tuple(every[0].titles(language).values())
        figures["provinces_side_by_side"] = draw_side_by_side(fans, title, language)
    last_year = max(load_pack(name).manifest.last_year for name in values)
    figures["provinces_tiles"] = draw_tiles(values, heading, language)
    return figures, Origin(scenarios=scenarios, futures=futures, last_year=last_year, command=command)


def _relative(results: Any) -> float:
    """Median of what the first scenario changes, as a share of the median of the base."""
    rows, base = results.differences, results.against
    mine = rows[(rows["kind"] == "indicator") & (rows["id"] == _TURNOVER)]
    year = results.definitions.targets[_TURNOVER].year
    mine = mine[(mine["year"] == year) & (mine["scenario"] == next(iter(results.scenarios)))]
    levels = results.indicators
    level = levels[
        (levels["indicator"] == _TURNOVER) & (levels["year"] == year) & (levels["scenario"] == base)
    ]
    if mine.empty or level.empty:
        return float("nan")
    return float(mine["q50"].iloc[0]) / float(level["q50"].iloc[0])


def _table(what: str, given: Mapping[str, Any]) -> pd.DataFrame:
    """Read the one table that is drawn, and refuse another."""
    import pandas as pd

    if len(given["sources"]) != 1:
        raise InputError(f"{len(given['sources'])} tables are given", key=what, allowed="one table")
    (file,) = given["sources"]
    if not file.is_file():
        raise InputError("there is no such file", file=file, allowed=f"the table of {what}")
    table = pd.read_csv(file)
    if missing := [name for name in _COLUMNS[what] if name not in table.columns]:
        raise InputError(f"has no column {', '.join(missing)}", file=file, allowed=f"the table of {what}")
    return table


WHAT: Final[Mapping[str, Callable[[Mapping[str, Any], str, Language], Drawing]]] = {
    "cities": partial(_of_contracts, "cities"),
    "network": partial(_of_contracts, "network"),
    "patterns": _of_patterns,
    "identifiability": _of_identifiability,
    "provinces": _of_provinces,
}
