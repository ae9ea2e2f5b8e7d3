"""The command ``dashboard``: a page on which levers are moved and answered from kept futures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...engine.errors import InputError
from ..words.phrases import check_language, say
from .options import Lang, Scale, Workers

MOST_FUTURES = 2_000
MOST_USERS = 100


def dashboard_command(
    host: Annotated[
        str, typer.Option("--host", help="Address to serve at; others than this machine need a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; 0 takes any that is free.")] = 8765,
    runs: Annotated[int, typer.Option("--runs", help="Futures to which an answer is sharpened.")] = 200,
    scale: Scale = 0.1,
    users: Annotated[int, typer.Option("--users", help="Pages that may be open at once.")] = 10,
    memory: Annotated[
        float | None,
        typer.Option("--memory", help="GB that kept futures may take together.  [default: what is free]"),
    ] = None,
    ranking: Annotated[
        Path | None, typer.Option("--ranking", help="Folder of a finished `rank`, shown as well.")
    ] = None,
    api: Annotated[
        bool, typer.Option("--api", help="Let programs ask as well; described at /api/openapi.json.")
    ] = False,
    workers: Workers = None,
    lang: Lang = None,
) -> int:
    """Serve a page: move the levers, see chances and differences in seconds. Needs the extra `app`."""
    language = check_language(lang)
    from ..dashboard.serve import check_library, serve

    check_library()
    from ...engine.seed_and_scale import check_scale
    from ..dashboard.answers import Limits, stages_to

    check_scale(scale)
    for value, key, most in ((runs, "--runs", MOST_FUTURES), (users, "--users", MOST_USERS)):
        if not 1 <= value <= most:
            raise InputError(f"{value} cannot be served", key=key, allowed=f"1 to {most}")
    if not 0 <= port <= 65_535:
        raise InputError(f"{port} is no port", key="--port", allowed="0 to 65535")
    if memory is not None and not 0.1 <= memory <= 10_000:
        raise InputError(f"{memory:g} GB cannot be set aside", key="--memory", allowed="0.1 or more")
    if ranking is not None:
        from ...experiments.ranking.finished_ranking import Ranking

        Ranking.read(ranking)
    given = None if memory is None else int(memory * 1e9)
    limits = Limits(stages=stages_to(runs), scale=scale, workers=workers, memory=given, users=users)

    def tell(address: str) -> None:
        joined = f"{address}{'&' if '?' in address else '?'}lang={language}"
        typer.echo(say("dashboard.serving", language, address=joined))
        typer.echo(say("dashboard.how_to_end", language))

    try:
        serve(host, port, limits, ranking=ranking, api=api, tell=tell)
    except KeyboardInterrupt:  # the way in which a server is ended
        return 0
    return 0
