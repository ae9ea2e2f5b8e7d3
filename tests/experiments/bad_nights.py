"""Bad nights: something is played while faults happen, drawn from a seed, and then gone on with in peace.

``python -m bad_nights SEED [--real] [--count N]`` plays a night, or several, in a folder of its own and tells
what happened. A night is good if what it leaves, once gone on with, is to the byte what nobody disturbed, or
if one line says why not: then a file was spoilt that nothing can make again.
"""

from __future__ import annotations

import argparse
import importlib
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError, TransferError
from shaanxi_transfer.experiments.keeping import manifest as manifest_module
from shaanxi_transfer.experiments.keeping.integrity import damages
from shaanxi_transfer.experiments.keeping.store import FILES, MANIFEST
from shaanxi_transfer.experiments.running.progress import Progress

bad_disk: Any = importlib.import_module("bad_disk")
turns_module: Any = importlib.import_module("runners_in_turn")
plays: Any = importlib.import_module("what_is_played")
real_kills: Any = importlib.import_module("killed_processes")

BEGINNINGS = {"batch": 8, "calibration": 4, "fits": 2, "forecast of all": 4}
"""How often each is played, of 18 nights."""

FAULTS = {
    **{"kill": 5, "kill elsewhere": 2, "power cut": 4, "power cut, lying disk": 4, "disk full": 4, "stop": 2},
    **{kind: 2 for kind in bad_disk.SPOILT},
    **{"clock jump": 2, "slow disk": 2},
}
WITHIN_ONE = 0.9
"""Share of nights that are played within this process; the others kill processes."""


@dataclass(frozen=True)
class Night:
    """What is played and what happens: drawn from ``seed``.

    ``evenings`` are the times that it is begun before it is gone on with in peace, each with its faults;
    moments of these are millionths of an undisturbed one.
    """

    seed: int
    real: bool
    kind: str
    size: int
    evenings: tuple[tuple[Any, ...], ...] = ()
    runners: int = 1
    changed: bool = False
    from_folder: bool = False
    twice: bool = False

    @property
    def faults(self) -> list[str]:
        """Kinds of what happens, each once."""
        kinds = {fault.kind for evening in self.evenings for fault in evening}
        kinds |= {"two resumers"} if self.runners > 1 else set()
        return sorted(kinds | ({"changed package"} if self.changed else set()))

    @property
    def command(self) -> str:
        """The command that plays it again."""
        how = " --real" if self.real else ""
        return f"PYTHONPATH=tests/experiments .venv/bin/python -m bad_nights {self.seed}{how}"

    def __str__(self) -> str:
        told = "; then ".join(", ".join(map(str, evening)) or "nothing" for evening in self.evenings)
        extra = ", then with a changed package" if self.changed else ""
        return (
            f"night {self.seed}: {'real' if self.real else 'small'} {self.kind} of {self.size}, "
            f"{self.runners} runners: {told}{extra}"
        )


@dataclass
class Ended:
    """How a night ended: ``refused`` is the line that says why there are no tables, ``wrong`` what is bad."""

    night: Night
    refused: str = ""
    wrong: str = ""
    seconds: float = 0.0
    trace: list[str] = field(default_factory=list, repr=False)


def draw(seed: int, *, real: bool = False) -> Night:
    """Draw a night."""
    luck = random.Random(f"{seed} {real}")
    if real:
        kind = luck.choice(sorted(plays.REAL))
        size = 2
    else:
        if luck.random() > WITHIN_ONE:
            return Night(seed, real, luck.choice(real_kills.KINDS), 24)
        kind = luck.choices(list(BEGINNINGS), list(BEGINNINGS.values()))[0]
        size = luck.choice((6, 12))
    runners = 1 if kind == "fits" else luck.choice((1, 1, 2))
    evenings = tuple(
        tuple(_fault(luck, runners) for _ in range(luck.choice((1, 1, 2))))
        for _ in range(luck.choice((1, 1, 2, 3)))
    )
    return Night(
        seed,
        real,
        kind,
        size,
        evenings,
        runners,
        changed=kind in ("batch", "calibration") and luck.random() < 0.15,
        from_folder=luck.random() < 0.5,
        twice=luck.random() < 0.3,
    )


def _fault(luck: random.Random, runners: int) -> Any:
    kind = luck.choices(list(FAULTS), list(FAULTS.values()))[0]
    amount = {
        "disk full": luck.choice((1, 3, 10, 10_000)),
        "clock jump": luck.choice((-1, 1)) * luck.choice((3_600, 90_000, 10**8)),
        "slow disk": luck.choice((1, 7, 40)),
    }.get(kind, 0)
    return bad_disk.Fault(kind, luck.randrange(10**6), luck.randrange(runners), amount)


class Theatre:
    """Where nights are played one after the other, in ``place``, which is empty at first."""

    def __init__(self, place: Path, *, real: bool) -> None:
        self.place = place.resolve()
        self.real = real
        self.out = self.place / "out"
        self._whole: dict[tuple[str, int], tuple[dict[str, bytes], int]] = {}

    def play(self, night: Night) -> Ended:
        """Play a night, and hold what it leaves against what nobody disturbed."""
        began = time.perf_counter()
        ended = Ended(night)
        shutil.rmtree(self.out, ignore_errors=True)
        try:
            if night.kind in real_kills.KINDS:
                real_kills.play(night.kind, night.seed, self.place)
            else:
                self._play(night, ended)
        except AssertionError as error:
            ended.wrong = str(error)
        ended.seconds = time.perf_counter() - began
        return ended

    def _whole_of(self, kind: str, size: int) -> tuple[dict[str, bytes], int]:
        """Give the tables that nobody disturbed, and how many moments they took."""
        if (kind, size) not in self._whole:
            turns = turns_module.Turns(random.Random(0))
            disk = bad_disk.BadDisk(self.out, turns, (), random.Random(0))
            with bad_disk.listening(disk):
                (end,) = turns.play([lambda: self._played(kind, size).make(self.out, None)])
            if end is not None:
                raise end
            self._whole[kind, size] = plays.tables(self.out), len(disk.trace)
            shutil.rmtree(self.out)
        return self._whole[kind, size]

    def _played(self, kind: str, size: int) -> Any:
        return (plays.REAL if self.real else plays.FAKE)[kind](self.place, size)

    def _play(self, night: Night, ended: Ended) -> None:
        whole, moments = self._whole_of(night.kind, night.size)
        played = self._played(night.kind, night.size)
        luck = random.Random(night.seed)
        turns = turns_module.Turns(luck)
        spoilt: set[str] = set()
        for evening in night.evenings:
            at = [
                bad_disk.Fault(one.kind, 1 + one.moment * moments // 10**6, one.runner, one.amount)
                for one in evening
            ]
            disk = bad_disk.BadDisk(self.out, turns, at, luck)
            with bad_disk.listening(disk):
                tellers = [_stopping(at, number, turns) for number in range(night.runners)]
                ends = turns.play([lambda tell=tell: played.make(self.out, tell) for tell in tellers])
            ended.trace += [*disk.trace, *(f"ended with {end!r}" for end in ends)]
            disk.morning()
            for end in ends:
                _check_honest(end, "in the night")
            spoilt |= disk.spoilt
        calm = bad_disk.BadDisk(self.out, turns, (), luck)
        if night.changed:
            self._check_changed(played, spoilt)
        with bad_disk.listening(calm):
            for _ in range(1 + night.twice):
                begun = any(self.out.rglob(MANIFEST)) or (
                    not played.sealed and any(self.out.glob("fits.json"))
                )
                go_on = played.go_on if night.from_folder and begun else lambda out: played.make(out, None)
                (end,) = turns.play([lambda go_on=go_on: go_on(self.out)])
                ended.trace += [*calm.trace, f"ended with {end!r}"]
                _check_honest(end, "when it was gone on with", peaceful=True)
                if end is not None:
                    ended.refused = str(end)
                    assert spoilt & set(LOST_FOR_EVER), f"refused though all can be made again: {end}"
                    return
        check(self.out, whole)

    def _check_changed(self, played: Any, spoilt: set[str]) -> None:
        """Another package has to be refused, and changes nothing."""
        if MANIFEST in spoilt or not (self.out / MANIFEST).is_file():
            return
        before = contents(self.out)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(manifest_module, "hash_of_code", lambda kind: "another package")
            with pytest.raises(InputError, match=r"code") as caught:
                played.make(self.out, None)
        _check_honest(caught.value, "with a changed package")
        assert contents(self.out) == before, "a package that is refused changed the folder"


LOST_FOR_EVER = (MANIFEST, "fits.json")
"""Files that say what was asked: nothing can make them again but who asks."""


def contents(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def _stopping(faults: Sequence[Any], runner: int, turns: Any) -> Any:
    """Give a progress function that passes the turn on, and asks this runner to stop when that is drawn."""
    moments = [one.moment for one in faults if one.kind == "stop" and one.runner == runner]
    told = 0

    def tell(progress: Progress) -> None:
        nonlocal told
        told += 1
        turns.pass_on()
        if told in moments:
            raise KeyboardInterrupt

    return tell


def _check_honest(end: BaseException | None, when: str, *, peaceful: bool = False) -> None:
    """See that nothing but one line is said; only in the night may somebody be killed or stopped."""
    if end is None or (not peaceful and isinstance(end, (turns_module.Killed, KeyboardInterrupt))):
        return
    if isinstance(end, AssertionError):
        raise end
    told = isinstance(end, (TransferError, plays.Incomplete)) or (isinstance(end, OSError) and not peaceful)
    assert told, f"{when} it ended with {''.join(traceback.format_exception(end))}"
    assert str(end).strip() and "\n" not in str(end), f"{when} more than a line was said: {end}"


def check(out: Path, whole: dict[str, bytes]) -> None:
    """Hold a folder that was gone on with against the tables that nobody disturbed."""
    found = plays.tables(out)
    assert found.keys() == whole.keys(), f"other tables: {sorted(found.keys() ^ whole.keys())}"
    different = [name for name in whole if found[name] != whole[name]]
    assert not different, f"different: {', '.join(different)}"
    for store in plays.stores(out):
        assert not (wrong := list(damages(store))), f"damaged still: {wrong}"
        assert store.manifest()[FILES], "the files of a finished experiment are not listed"
        assert not list(store.folder.glob("claims/block-*")), "a claim was left"


@contextmanager
def theatre(place: Path, *, real: bool = False) -> Iterator[Theatre]:
    """Open a theatre in a folder, small or with the real province."""
    with plays.stage(place, real=real):
        yield Theatre(place, real=real)


def table(ended: Iterable[Ended]) -> pd.DataFrame:
    """Count nights by what was played and by what happened: ``id``, ``cases``, ``passed``, ``seconds``."""
    rows: dict[str, list[Ended]] = defaultdict(list)
    for one in ended:
        what = "real" if one.night.real else "small"
        rows[f"{what} nights"].append(one)
        rows[f"{what} nights: {one.night.kind}"].append(one)
        for fault in one.night.faults:
            rows[f"{what} nights with a fault: {fault}"].append(one)
        if one.refused:
            rows[f"{what} nights that one line ended"].append(one)
    return pd.DataFrame(
        [
            (
                name,
                len(nights),
                sum(not one.wrong for one in nights),
                round(sum(one.seconds for one in nights), 1),
            )
            for name, nights in sorted(rows.items())
        ],
        columns=["id", "cases", "passed", "seconds"],
    )


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bad_nights", description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--count", type=int, default=1)
    asked = parser.parse_args(arguments)
    ended = []
    with tempfile.TemporaryDirectory() as place, theatre(Path(place), real=asked.real) as here:
        for seed in range(asked.seed, asked.seed + asked.count):
            one = here.play(draw(seed, real=asked.real))
            ended.append(one)
            if one.wrong or asked.count == 1:
                print(one.night, *one.trace[-12 if asked.count > 1 else 0 :], sep="\n  ")
                print(
                    f"  WRONG: {one.wrong}" if one.wrong else one.refused or "equal to the byte", flush=True
                )
    print(table(ended).to_string(index=False))
    return int(any(one.wrong for one in ended))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
