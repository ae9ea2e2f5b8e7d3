"""A dashboard that is served, with worlds so small that an answer takes a moment."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, build_opener

import pytest

from shaanxi_transfer.reports.dashboard.answers import Limits
from shaanxi_transfer.reports.dashboard.serve import serving

TINY = Limits(stages=(2, 4), scale=0.01, workers=0, users=3, answers=6)
SECONDS = 60.0


@dataclass(frozen=True)
class Reply:
    """What came back."""

    code: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass(frozen=True)
class Served:
    """A dashboard at an address."""

    address: str

    def get(self, path: str = "", body: bytes | None = None, **headers: str) -> Reply:
        """Ask; a refusal is a reply, too."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        base, _, _ = self.address.partition("?")
        try:
            with build_opener().open(Request(base + path, body, named), timeout=SECONDS) as reply:
                return Reply(reply.status, dict(reply.headers), reply.read())
        except HTTPError as error:
            return Reply(error.code, dict(error.headers), error.read())

    def ask(self, user: str, link: str) -> Reply:
        return self.get("ask", link.encode(), X_User=user)

    def answered(self, user: str, link: str, futures: int = TINY.stages[-1], lang: str = "en") -> Any:
        """Ask, and wait for so many futures; give the last news, and the answer's name."""
        name, turn, until = self.ask(user, link).json["answer"], -1, time.monotonic() + SECONDS
        while time.monotonic() < until:
            news = self.get(f"answers/{name}?turn={turn}&lang={lang}", X_User=user).json
            assert not news["problem"], news
            if news["futures"] >= futures:
                return {**news, "name": name}
            turn = news["turn"]
        raise AssertionError("no answer in time")


@contextmanager
def served_with(limits: Limits = TINY, host: str = "127.0.0.1", *, api: bool = True) -> Iterator[Served]:
    with serving(host, 0, limits, api=api) as (server, address, sockets):
        thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Served(address)
        finally:
            server.should_exit = True
            thread.join(SECONDS)


@pytest.fixture(scope="session")
def serve_with() -> Callable[..., AbstractContextManager[Served]]:
    """Serve a dashboard within limits of a test's own."""
    return served_with


@pytest.fixture(scope="package")
def served() -> Iterator[Served]:
    with served_with() as one:
        yield one
