"""The door for programs: a scenario in, the name of a forecast out, then progress and tables.

What it takes and gives is described at ``/api/openapi.json``; limits are those of the page.
"""

from __future__ import annotations

import io
import secrets
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from ...engine.errors import InputError
from .answers import Key
from .state import base_world, link_of, read_link, world_of

if TYPE_CHECKING:
    from .answers import Answer
    from .desk import Desk
    from .users import Users

__all__ = ["TABLES", "Asked", "Progress", "api_of"]

TABLES: Final = ("targets", "indicators", "differences")
Table = Literal["targets", "indicators", "differences"]
_PARQUET: Final = "application/vnd.apache.parquet"


class Asked(BaseModel):
    """A question: a scenario of the package, by name, with what is changed in it."""

    model_config = ConfigDict(extra="forbid")

    scenario: str = Field("action_plan", description="A scenario that comes with the package.")
    overlays: list[str] = Field(default=[], description="Overlays that come with it, in their order.")
    province: str = "shaanxi"
    belief: str = Field("posterior", description="posterior or prior.")
    seed: int = 1
    levers: dict[str, float | str] = Field(
        default={}, description="By lever its level in its unit (whole yuan, fractions), plan or no_plan."
    )


class Progress(BaseModel):
    """How far a forecast is."""

    forecast: str = Field(description="Its name in further addresses.")
    futures: int = Field(description="Futures of which the tables tell; 0 before the first answer.")
    last: int = Field(description="Futures at which it ends.")
    problem: str = Field(description="Why there is no answer, in one sentence; else empty.")
    link: str = Field(description="Query text with which the page shows the same.")


def api_of(desk: Desk, users: Users) -> APIRouter:
    """Make the addresses below ``/api``; whoever asks counts as a user until nobody asks for its progress."""
    router = APIRouter(prefix="/api", tags=["forecasts"])
    names: dict[str, tuple[str, str]] = {}

    def hear(user: str) -> None:
        for gone in users.hear(user):
            desk.leave(gone)

    def found(forecast: str) -> tuple[Answer, str]:
        user, link = names.get(forecast, ("", ""))
        if not user:
            raise InputError(
                "there is no such forecast", key="forecast", allowed="one that was asked for here"
            )
        hear(user)
        return desk.answer(forecast.partition("-")[0]), link

    def told(forecast: str, answer: Answer, link: str) -> Progress:
        last = desk.limits.stages[-1]
        problem = str(answer.problem or "")
        return Progress(forecast=forecast, futures=answer.futures, last=last, problem=problem, link=link)

    @router.post("/forecasts", status_code=202)
    def ask(asked: Asked) -> Progress:
        """Ask for the forecast of a scenario against no plan."""
        fields: dict[str, Any] = asked.model_dump(exclude={"levers", "overlays"})
        text = {**fields, "overlays": "+".join(asked.overlays), **asked.levers}
        state, _ = read_link(_query(text))
        world = world_of(state)
        base = base_world(state)
        user = f"api {secrets.token_hex(4)}"
        hear(user)
        answer = desk.ask(user, world, base, Key(state.province, state.belief, state.seed))
        forecast, link = f"{answer.name}-{user.removeprefix('api ')}", link_of(state, world)
        names[forecast] = user, link
        while len(names) > 10 * desk.limits.answers:
            del names[next(iter(names))]
        return told(forecast, answer, link)

    @router.get("/forecasts/{forecast}")
    def progress(forecast: str) -> Progress:
        """Say how far a forecast is."""
        answer, link = found(forecast)
        return told(forecast, answer, link)

    @router.delete("/forecasts/{forecast}", status_code=204)
    def leave(forecast: str) -> None:
        """Say that it is not waited for any more."""
        user, _ = names.pop(forecast, ("", ""))
        users.forget(user)
        desk.leave(user)

    @router.get("/forecasts/{forecast}/{table}.json")
    def as_json(forecast: str, table: Table) -> Response:
        """Give a table as JSON, a list of rows."""
        text = _table(found(forecast)[0], table).to_json(orient="records", force_ascii=False)
        return Response(text, media_type="application/json")

    @router.get("/forecasts/{forecast}/{table}.parquet")
    def as_parquet(forecast: str, table: Table) -> Response:
        """Give a table as Parquet."""
        buffer = io.BytesIO()
        _table(found(forecast)[0], table).to_parquet(buffer, index=False)
        return Response(buffer.getvalue(), media_type=_PARQUET)

    return router


def _query(fields: dict[str, Any]) -> str:

    return urlencode(
        {name: f"{value!r}" if isinstance(value, float) else value for name, value in fields.items()}
    )


def _table(answer: Answer, table: str) -> Any:
    if answer.results is None:
        raise InputError("there is no answer yet", key="forecast", allowed="after the first futures")
    return getattr(answer.results, table)
