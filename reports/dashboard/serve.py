"""Serve the dashboard: a socket, the application behind its door, and an end that leaves nothing running."""

from __future__ import annotations

import secrets
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...engine.errors import InputError
from .answers import Limits

if TYPE_CHECKING:
    import uvicorn

__all__ = ["check_library", "serve", "serving"]

_BACKLOG: Final = 128


def check_library() -> None:
    """Refuse to serve where the libraries are missing that do it."""
    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise InputError(
            f"the library {error.name} is missing",
            key="dashboard",
            allowed="with the extra: pip install 'shaanxi-transfer[app]'",
        ) from error


def serve(
    host: str,
    port: int,
    limits: Limits,
    *,
    ranking: Path | None = None,
    api: bool = False,
    tell: Callable[[str], None],
) -> None:
    """Serve until Ctrl-C; ``tell`` is told the address.

    Raises
    ------
    InputError
        If a library is missing, or nothing can be served at this host and port.
    """
    with serving(host, port, limits, ranking=ranking, api=api) as (server, address, sockets):
        tell(address)
        server.run(sockets=sockets)


@contextmanager
def serving(
    host: str, port: int, limits: Limits, *, ranking: Path | None = None, api: bool = False
) -> Iterator[tuple[uvicorn.Server, str, list[socket.socket]]]:
    """Make a server that is ready to run, give it with its address and socket, and clear up afterwards.

    Everything that answers write lies in a folder of their own, which is gone at the end. A server that other
    machines can reach asks for a token, which stands in the address.
    """
    check_library()
    import uvicorn

    from .desk import Desk
    from .door import LOOPBACK, Door, is_loopback
    from .page import page_of
    from .server import application
    from .state import State

    listening = _listening(host, port)
    token = "" if is_loopback(host) else secrets.token_urlsafe(18)
    with tempfile.TemporaryDirectory(prefix="shaanxi-transfer-desk-", ignore_cleanup_errors=True) as folder:
        page_of(State(), {}, "")  # so that nobody waits for what is read once
        desk = Desk(Path(folder), limits)
        try:
            door = Door(application(desk, ranking, api=api), token, () if token else LOOPBACK)
            config = uvicorn.Config(
                door,
                log_level="critical",  # what goes wrong is logged where it is turned into a sentence
                access_log=False,
                server_header=False,
                lifespan="off",
                loop="asyncio",
                http="h11",
                ws="none",
                proxy_headers=False,
                limit_concurrency=4 * limits.users + 20,
                h11_max_incomplete_event_size=16_384,
                timeout_graceful_shutdown=2,
            )
            named = f"[{host}]" if ":" in host else host
            address = f"http://{named}:{listening.getsockname()[1]}/"
            yield uvicorn.Server(config), address + (f"?token={token}" if token else ""), [listening]
        finally:
            desk.close()
            listening.close()


def _listening(host: str, port: int) -> socket.socket:
    """Take hold of a port before anything is made."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(_BACKLOG)
    except OSError as error:
        raise InputError(
            f"nothing can be served at {host}:{port}: {error.strerror or error}",
            key="--port",
            allowed="another port; 0 takes any that is free",
        ) from error
    return found
