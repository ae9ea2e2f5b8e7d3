"""Questions are answered in stages, the first ones first, from futures that users share; none mix."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.running.progress import Progress
from shaanxi_transfer.reports.dashboard.answers import Answer, Key, Limits
from shaanxi_transfer.reports.dashboard.desk import Desk

SHAANXI, GANSU, HUBEI = (Key(name, "posterior", 1) for name in ("shaanxi", "gansu", "hubei"))
SECONDS = 10.0


class Futures:
    """Kept futures of which a test decides when each run is made."""

    def __init__(self, made: list[Any], gate: threading.Semaphore, **asked: Any) -> None:
        self.asked, self.made, self.gate = asked, made, gate
        self.runs, self.nbytes, self.closed = asked["runs"], 10 * asked["runs"], False

    def grow(self, runs: int, progress: Callable[[Progress], None]) -> None:
        self.runs = max(self.runs, runs)
        self.nbytes = 10 * self.runs

    def forecast(self, world: Any, *, against: Any, runs: int, out: Path, progress: Any) -> None:
        if world.name == "broken":
            raise InputError("it breaks", key="levers")
        for done in range(1, runs + 1):
            assert self.gate.acquire(timeout=SECONDS)
            progress(Progress("run", 2 * done, 2 * runs, 0, 0.0))
        out.mkdir(parents=True, exist_ok=True)
        (out / "runs").write_text(f"{runs}")
        self.made.append((world.name, runs))

    def close(self) -> None:
        self.closed = True


class Bench(SimpleNamespace):
    desk: Desk
    gate: threading.Semaphore
    kept: list[Futures]
    made: list[tuple[str, int]]

    def ask(self, user: str, name: str, key: Key = SHAANXI) -> Answer:
        world, base = (SimpleNamespace(name=one, hash=f"{one} of {key.province}") for one in (name, "none"))
        return self.desk.ask(user, world, base, key)  # type: ignore[arg-type]

    def let(self, runs: int) -> None:
        self.gate.release(runs)

    def until(self, true: Callable[[], bool]) -> None:
        with self.desk.changed:
            assert self.desk.changed.wait_for(true, timeout=SECONDS)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    gate = threading.Semaphore(0)
    kept: list[Futures] = []
    made: list[tuple[str, int]] = []

    def keep(province: str, **asked: Any) -> Futures:
        kept.append(Futures(made, gate, province=province, **asked))
        return kept[-1]

    def read(folder: Path) -> Any:
        return SimpleNamespace(folder=folder, runs=int((folder / "runs").read_text()))

    desk = Desk(tmp_path, Limits(stages=(2, 5), sets=2, answers=2, memory=1_000), keep=keep, read=read)
    yield Bench(desk=desk, gate=gate, kept=kept, made=made)
    gate.release(1_000)
    desk.close()


def test_an_answer_comes_at_its_first_stage_and_is_sharpened(bench: Bench) -> None:
    answer = bench.ask("a", "plan")
    bench.let(1)
    bench.until(lambda: answer.made == 1)
    assert (answer.results, answer.futures) == (None, 0)
    bench.let(1)
    bench.until(lambda: answer.futures == 2)
    assert answer.results is not None and answer.seconds is not None
    bench.let(5)
    bench.until(lambda: answer.futures == 5)
    assert bench.made == [("plan", 2), ("plan", 5)]
    # What the first stage made is there, whole, while the second is made from a copy of it.
    assert sorted(one.name for one in (bench.desk.folder / answer.name).iterdir()) == ["2", "5"]
    assert bench.kept[0].asked["province"] == "shaanxi" and bench.kept[0].runs == 5


def test_a_new_question_of_a_user_leaves_the_old_one(bench: Bench) -> None:
    old = bench.ask("a", "plan")
    bench.let(1)
    bench.until(lambda: old.made == 1)
    new = bench.ask("a", "half")
    assert old.askers == set() and new.askers == {"a"}
    bench.let(1)  # the run that is under way ends, and then it is left
    bench.let(2)
    bench.until(lambda: new.futures == 2)
    assert old.futures == 0 and bench.made[0] == ("half", 2)


def test_who_was_taken_to_be_gone_may_come_back(bench: Bench) -> None:
    old = bench.ask("a", "plan")
    bench.desk.leave("a")
    bench.desk.stay("a", old)
    assert old.askers == {"a"}
    new = bench.ask("a", "half")
    bench.desk.stay("a", old)  # a late word of the page that has asked again
    assert (old.askers, new.askers) == (set(), {"a"})


def test_a_first_answer_goes_before_sharpening(bench: Bench) -> None:
    early = bench.ask("a", "plan")
    bench.let(2)
    bench.until(lambda: early.futures == 2)
    late = bench.ask("b", "half")
    bench.let(3)
    bench.until(lambda: late.futures == 2)
    assert early.futures == 2
    bench.let(20)
    bench.until(lambda: early.futures == late.futures == 5)
    assert bench.made[:2] == [("plan", 2), ("half", 2)]


def test_users_share_futures_and_the_same_question_is_one(bench: Bench) -> None:
    one, same = bench.ask("a", "plan"), bench.ask("b", "plan")
    assert one is same and one.askers == {"a", "b"}
    bench.desk.leave("a")
    bench.let(7)
    bench.until(lambda: one.futures == 5)
    assert len(bench.kept) == 1
    other = bench.ask("b", "plan", GANSU)
    assert other is not one
    bench.let(2)
    bench.until(lambda: other.futures == 2)
    assert [one.asked["province"] for one in bench.kept] == ["shaanxi", "gansu"]
    assert bench.kept[1].asked["memory"] == 1_000 - 50


def test_the_set_that_was_used_longest_ago_makes_room(bench: Bench) -> None:
    bench.let(1_000)
    for user, key in (("a", SHAANXI), ("b", GANSU)):
        answer = bench.ask(user, "plan", key)
        bench.until(lambda answer=answer: answer.futures == 5)  # type: ignore[misc]
    third = bench.ask("c", "plan", HUBEI)
    bench.until(lambda: third.futures == 5)
    assert [one.closed for one in bench.kept] == [True, False, False]


def test_one_more_set_than_there_is_room_for_is_refused(bench: Bench) -> None:
    bench.ask("a", "plan", SHAANXI)
    bench.ask("b", "plan", GANSU)
    with pytest.raises(InputError, match="2 provinces, beliefs or seeds are at work for others"):
        bench.ask("c", "plan", HUBEI)


def test_what_breaks_is_said_and_others_are_answered(bench: Bench) -> None:
    bench.let(1_000)
    broken = bench.ask("a", "broken")
    bench.until(lambda: broken.problem is not None)
    assert str(broken.problem) == "levers: it breaks" and broken.results is None
    well = bench.ask("b", "plan")
    bench.until(lambda: well.futures == 5)


def test_old_answers_are_forgotten_with_their_folders(bench: Bench) -> None:
    bench.let(1_000)
    answers = []
    for name in ("one", "two", "three"):
        answers.append(bench.ask("a", name))
        bench.until(lambda: answers[-1].futures == 5)
    with pytest.raises(InputError, match="not kept any more"):
        bench.desk.answer(answers[0].name)
    assert not (bench.desk.folder / answers[0].name).exists()
    assert bench.desk.answer(answers[2].name) is answers[2]
