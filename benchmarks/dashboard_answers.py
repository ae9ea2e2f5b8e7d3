"""Seconds from a moved slider to the first answer of the dashboard, as a page sees them: median and 95 %.

On a quiet machine: ``python benchmarks/dashboard_answers.py --moves 50``. The futures are lived before the
first move is timed; each move is another level of a lever, so that nothing was answered before.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from urllib.request import Request, urlopen

import numpy as np

from shaanxi_transfer.reports.dashboard.answers import Limits
from shaanxi_transfer.reports.dashboard.serve import serving


def asked(address: str, path: str, body: bytes | None = None) -> dict:
    """Ask the dashboard as a page does."""
    with urlopen(Request(address + path, body, {"X-User": "bench"})) as reply:
        return json.loads(reply.read())


def seconds_to_answer(address: str, link: str, futures: int) -> float:
    """Ask, and wait for so many futures with their cards."""
    began, turn = time.perf_counter(), -1
    name = asked(address, "ask", link.encode())["answer"]
    while True:
        news = asked(address, f"answers/{name}?turn={turn}&lang=zh")
        if news["problem"]:
            raise SystemExit(news["problem"])
        if news["futures"] >= futures:
            return time.perf_counter() - began
        turn = news["turn"]


def main() -> None:
    """Serve, move a slider so many times, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=50)
    parser.add_argument("--futures", type=int, default=20)
    parser.add_argument("--scale", type=float, default=0.1)
    given = parser.parse_args()
    limits = Limits(stages=(given.futures,), scale=given.scale)
    with serving("127.0.0.1", 0, limits) as (server, address, sockets):
        thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, daemon=True)
        thread.start()
        first = seconds_to_answer(address, "", given.futures)
        seconds = [
            seconds_to_answer(address, f"fund_size={5e9 + 1e8 * move:.0f}", given.futures)
            for move in range(1, given.moves + 1)
        ]
        server.should_exit = True
        thread.join()
    print(f"first question, futures lived: {first:.1f} s")
    print(f"{given.moves} moves, {given.futures} futures, scale {given.scale:g}:", end=" ")
    print(f"median {np.median(seconds):.2f} s, 95 % {np.quantile(seconds, 0.95):.2f} s")


if __name__ == "__main__":
    main()
