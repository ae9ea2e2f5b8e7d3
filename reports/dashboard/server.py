"""The dashboard as a web application: what each address answers."""

from __future__ import annotations

import html
import logging
import secrets
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from ... import __version__
from ...engine.errors import InputError, TransferError
from ..words.of_errors import error_line
from ..words.phrases import Language, check_language, say, title_of
from .answers import Answer, Key
from .api import api_of
from .desk import Desk
from .files import file_of
from .page import HERE, answer_parts, declared_parts, page_of, status_of
from .pictures import Pictures
from .state import State, base_world, link_of, read_link, world_of
from .story import FUTURES, Stories
from .users import Full, Users

__all__ = ["POLL_SECONDS", "application"]

POLL_SECONDS: Final = 5.0
"""How long a page that asks for news waits at most."""

_STATIC: Final = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}
_LONGEST_NAME: Final = 40


def application(desk: Desk, ranking: Path | None = None, *, api: bool = False) -> FastAPI:
    """Make the application that stands behind the door.

    Parameters
    ----------
    desk : Desk
        Where questions are taken.
    ranking : Path, optional
        Folder of a finished ranking, which is shown as well.
    api : bool
        Whether programs may ask, too.
    """
    described = "/api/openapi.json" if api else None
    app = FastAPI(
        title="shaanxi-transfer", version=__version__, docs_url=None, redoc_url=None, openapi_url=described
    )
    users, pictures, stories = Users(desk.limits.users), Pictures(ranking), Stories()
    ranked = _ranked(ranking)
    if api:
        app.include_router(api_of(desk, users))

    @app.exception_handler(TransferError)
    def refused(request: Request, error: TransferError) -> JSONResponse:
        code = 503 if isinstance(error, Full) else 422
        return JSONResponse({"problem": _sentence(error, desk, _language(request))}, status_code=code)

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        problem = InputError(str(first["msg"]).lower(), key=".".join(map(str, first["loc"][1:])))
        return JSONResponse({"problem": error_line(problem, _language(request))}, status_code=422)

    @app.exception_handler(HTTPException)
    def not_here(request: Request, error: HTTPException) -> JSONResponse:
        problem = say("dashboard.not_here", _language(request))
        return JSONResponse({"problem": problem}, status_code=error.status_code)

    @app.exception_handler(Exception)
    def broken(request: Request, error: Exception) -> JSONResponse:
        logging.getLogger(__name__).error("%s could not be answered", request.url.path, exc_info=error)
        return JSONResponse({"problem": f"{type(error).__name__}: {error}"}, status_code=500)

    def hear(request: Request) -> str:
        """Admit a page by the name that it was given, and let those go that were closed."""
        user = request.headers.get("x-user", "")[:_LONGEST_NAME]
        if not user:
            raise InputError("a page has to say which one it is", key="X-User", allowed="a word of its own")
        for gone in users.hear(user):
            desk.leave(gone)
        return user

    @app.get("/", include_in_schema=False)
    def page(request: Request) -> Response:
        problem, user = "", secrets.token_hex(8)
        try:
            state, marks = read_link(request.url.query)
            world_of(state)
        except InputError as error:
            state, marks = State(language=_language(request)), {}
            problem = error_line(error, state.language)
        try:
            users.look()
        except Full as error:
            sentence = html.escape(_sentence(error, desk, state.language))
            return HTMLResponse(f"<!DOCTYPE html><meta charset=utf-8><p>{sentence}</p>", status_code=503)
        offered = [(name, title_of(target, state.language)) for name, target in ranked.items()]
        return HTMLResponse(page_of(state, marks, user, problem=problem, ranking=offered))

    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        if name not in _STATIC:
            raise HTTPException(404)
        return Response((HERE / name).read_bytes(), media_type=_STATIC[name])

    @app.post("/ask", include_in_schema=False)
    async def ask(request: Request) -> JSONResponse:
        text = (await request.body()).decode("utf-8", errors="replace")
        return await run_in_threadpool(taken, request, text)

    def taken(request: Request, text: str) -> JSONResponse:
        user = hear(request)
        state, _ = read_link(text)
        world = world_of(state)
        base = base_world(state)
        answer = desk.ask(user, world, base, Key(state.province, state.belief, state.seed))
        return JSONResponse(
            {
                "answer": answer.name,
                "link": link_of(state, world),
                "declared": declared_parts(world, state.language),
            }
        )

    @app.post("/leave", include_in_schema=False)
    async def leave(request: Request) -> Response:
        user = (await request.body()).decode("utf-8", errors="replace")[:_LONGEST_NAME]
        users.forget(user)
        desk.leave(user)
        return Response(status_code=204)

    @app.get("/answers/{name}", include_in_schema=False)
    def news(request: Request, name: str, turn: int = -1, futures: int = 0) -> JSONResponse:
        user, language = hear(request), _language(request)
        answer = desk.answer(name)
        desk.stay(user, answer)
        answer = desk.wait(answer, turn, POLL_SECONDS)
        return JSONResponse(_news(answer, futures, desk, language))

    @app.get("/answers/{name}/figures/{figure}.svg", include_in_schema=False)
    def figure_of(request: Request, name: str, figure: str) -> Response:
        drawn = pictures.of_answer(desk.answer(name), figure, _language(request))
        return Response(drawn, media_type="image/svg+xml")

    @app.get("/ranking/{target}.svg", include_in_schema=False)
    def ranking_of(request: Request, target: str) -> Response:
        return Response(pictures.of_ranking(target, _language(request)), media_type="image/svg+xml")

    @app.get("/answers/{name}/story", include_in_schema=False)
    def story(request: Request, name: str, future: int = 0) -> JSONResponse:
        if not 0 <= future < FUTURES:
            raise InputError(f"there is no future {future}", key="future", allowed=f"0 to {FUTURES - 1}")
        heading, *lines = stories.lines(desk.answer(name), future, _language(request))
        return JSONResponse({"story": _as_list(heading, lines)})

    @app.get("/answers/{name}/{file}", include_in_schema=False)
    def download(request: Request, name: str, file: str) -> Response:
        made = file_of(desk.answer(name), file, _language(request))
        attached = {"Content-Disposition": f'attachment; filename="{made.name}"'}
        return Response(made.contents, media_type=made.kind, headers=attached)

    return app


def _ranked(folder: Path | None) -> dict[str, object]:
    """Give the targets of a ranking, each with its definition."""
    if folder is None:
        return {}
    from ...experiments.ranking.finished_ranking import Ranking
    from ..tables.experiment_folder import definitions_of

    targets = definitions_of(folder).targets
    return {name: targets[name] for name, _ in Ranking.read(folder).asked if name in targets}


def _news(answer: Answer, futures: int, desk: Desk, language: Language) -> dict[str, object]:
    status, share = status_of(answer, desk.limits, language)
    said: dict[str, object] = {
        "turn": answer.turn,
        "futures": answer.futures,
        "status": status,
        "share": share,
        "problem": "" if answer.problem is None else error_line(answer.problem, language),
    }
    return {**said, **(answer_parts(answer, language) if answer.futures != futures else {})}


def _language(request: Request) -> Language:
    usual: Language = "en" if request.url.path.startswith("/api/") else "zh"  # programs look for words
    try:
        return check_language(request.query_params.get("lang", usual))
    except InputError:
        return usual


def _sentence(error: TransferError, desk: Desk, language: Language) -> str:
    if isinstance(error, Full):
        return say("dashboard.full", language, most=desk.limits.users)
    return error_line(error, language)


def _as_list(heading: str, lines: list[str]) -> str:
    """Lay a story out: what is not indented begins a part."""
    parts = [f"<p>{html.escape(heading)}</p>"]
    for line in lines:
        tag = "p" if line.startswith(("  ", "*")) else "h3"
        parts.append(f"<{tag}>{html.escape(line.strip(' *'))}</{tag}>")
    return "".join(parts)
