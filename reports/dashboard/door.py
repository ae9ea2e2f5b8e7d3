"""The door of the dashboard: who is let in, how much may be sent, and what a browser is told to load."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..words.phrases import SIDE_BY_SIDE, say

__all__ = ["HEADERS", "LOOPBACK", "MOST_BYTES", "Door", "is_loopback"]

MOST_BYTES: Final = 16_384
"""Of a request's body: a link is half of that at most."""

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
COOKIE: Final = "policy_desk"

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""What goes with every reply: nothing is loaded from another host, nothing stays in a cache."""


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    return host in LOOPBACK


class Door:
    """Lets requests in, or refuses them in one sentence.

    Parameters
    ----------
    app : ASGIApp
        What stands behind.
    token : str
        Has to be in the address or in the cookie that it leaves; empty for none.
    hosts : sequence of str
        Names by which the machine may be called; empty for any. A page of another site that calls this
        machine by a name of its own is kept out.
    """

    def __init__(self, app: ASGIApp, token: str = "", hosts: Sequence[str] = LOOPBACK) -> None:
        self._app, self._token, self._hosts = app, token, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        refused = self._refused(scope, headers)
        if refused is not None:
            await refused(scope, receive, send_with_headers)
            return
        body = await _body(headers, receive)
        if body is None:
            # Who is refused at the door has chosen no language.
            problem = " ".join(say("dashboard.too_large", one, most=MOST_BYTES) for one in SIDE_BY_SIDE)
            large = JSONResponse({"problem": problem}, status_code=413)
            await large(scope, receive, send_with_headers)
            return
        await self._app(scope, _given_again(body, receive), send_with_headers)

    def _refused(self, scope: Scope, headers: dict[str, str]) -> Response | None:
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        if self._hosts and host not in self._hosts:
            problem = " ".join(say("dashboard.other_host", one) for one in SIDE_BY_SIDE)
            return PlainTextResponse(problem, status_code=421)
        if not self._token:
            return None
        asked = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
        given = asked.pop("token", "")
        if given and secrets.compare_digest(given.encode(), self._token.encode()):
            there = RedirectResponse(f"{scope['path']}?{urlencode(asked)}", status_code=303)
            there.set_cookie(COOKIE, self._token, httponly=True, samesite="strict")
            return there
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        if cookie is not None and secrets.compare_digest(cookie.value.encode(), self._token.encode()):
            return None
        return PlainTextResponse(
            " ".join(say("dashboard.no_token", one) for one in SIDE_BY_SIDE), status_code=401
        )


async def _body(headers: dict[str, str], receive: Receive) -> bytes | None:
    """Read the body of a request; None if it is too large, of which no more is read."""
    announced = headers.get("content-length", "0")
    if not announced.isdigit() or int(announced) > MOST_BYTES:
        return None
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MOST_BYTES:
            return None
    return body


def _given_again(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read once more, then what comes after it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
