"""Rules and indicators from outside, as an experiment keeps them and its workers load them: by their text.

A worker process never imports the script or the notebook of the one who started it, so the text of a function
travels. It is kept in the experiment's folder, its hash is part of the identity, and whoever resumes or
replays the experiment finds it there.
"""

from __future__ import annotations

import functools
import hashlib
import linecache
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from ...engine.errors import InputError, nearest
from .runs import RecordLike

if TYPE_CHECKING:
    from ...model.indicators.definition import Indicator
    from ...model.own_rules import OwnRules
    from ...scenarios import Scenario

__all__ = ["FOLDER", "NOTHING", "OwnCode", "OwnFunction", "own_code", "run_together_with", "run_with"]

FOLDER: Final = "own_code"
"""Folder of an experiment in which the texts are kept."""

Function = Callable[..., Any]


@dataclass(frozen=True)
class OwnFunction:
    """A function from outside.

    Attributes
    ----------
    file : str
        Name of the file in which it stood, to show.
    function : str
        Its name there.
    text : str
        Python that defines it.
    """

    file: str
    function: str
    text: str

    @property
    def hash(self) -> str:
        """Hash of the text: 16 hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def as_dict(self) -> dict[str, str]:
        """Give what an identity says of it."""
        return {"file": self.file, "function": self.function, "hash": self.hash}

    def load(self) -> Function:
        """Define the function in this process.

        Raises
        ------
        InputError
            If the text is no Python, fails when it is loaded, or defines no such function.
        """
        names = vars(_loaded(self.text, self.file))
        if not callable(names.get(self.function)):
            known = [name for name, value in names.items() if callable(value) and not name.startswith("_")]
            raise InputError(
                f"there is no function {self.function!r}",
                file=self.file,
                allowed=", ".join(known) or "a function",
                suggestion=nearest(self.function, known),
            )
        found: Function = names[self.function]
        return found


@functools.cache
def _loaded(text: str, shown: str) -> ModuleType:
    """Load a text as a module, whose lines are found by who looks for them as if it stood in a file."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    file = f"<{shown} {digest}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    module = ModuleType(f"own_code_{digest}")
    sys.modules[module.__name__] = module
    try:
        exec(compile(text, file, "exec"), vars(module))
    except SyntaxError as error:
        raise InputError(
            str(error.msg), file=shown, line=error.lineno, column=error.offset, allowed="Python"
        ) from error
    except Exception as error:
        raise InputError(
            f"the file cannot be loaded: {type(error).__name__}: {error}",
            file=shown,
            allowed="a file that stands alone: no imports from files beside it",
        ) from error
    return module


@dataclass(frozen=True)
class OwnCode:
    """All that an experiment takes from outside; false if that is nothing.

    Attributes
    ----------
    rules : tuple of (str, OwnFunction)
        By the name of the rule that each replaces.
    indicators : tuple of (str, OwnFunction, tuple of str)
        By id, with unit, kind, title_en, title_zh.
    taken_down : tuple of str
        Of `BESIDE`: what the package itself takes down beside an ordinary record.
    """

    rules: tuple[tuple[str, OwnFunction], ...] = ()
    indicators: tuple[tuple[str, OwnFunction, tuple[str, ...]], ...] = ()
    taken_down: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.rules or self.indicators or self.taken_down)

    @property
    def rules_used(self) -> tuple[str, ...]:
        """The rules for a person to read, each with its file and function."""
        return tuple(f"{name} ({one.file}:{one.function})" for name, one in self.rules)

    def load(self) -> tuple[OwnRules, dict[str, Any]]:
        """Give rules and indicators as `model.run` takes them, once in a process.

        Raises
        ------
        InputError
            If anything of it is refused.
        """
        return _load(self)

    def definitions(self) -> dict[str, Indicator]:
        """Give the indicators in the form of the model's.

        Raises
        ------
        InputError
            If one is refused.
        """
        from ...model.indicators.from_outside import own_indicators

        return own_indicators(self.load()[1])

    def as_dict(self) -> dict[str, Any]:
        """Give what an identity says of it; see `from_folder`."""
        return {
            "rules": {name: function.as_dict() for name, function in self.rules},
            "indicators": {
                name: {**function.as_dict(), "said": list(said)} for name, function, said in self.indicators
            },
            **({"taken_down": {name: _hash_of(name) for name in self.taken_down}} if self.taken_down else {}),
        }

    def keep(self, folder: Path) -> None:
        """Put the texts into an experiment's folder."""
        for function in [one for _, one in self.rules] + [one for _, one, _ in self.indicators]:
            file = folder / FOLDER / f"{function.hash}.py"
            file.parent.mkdir(exist_ok=True)
            file.write_text(function.text, encoding="utf-8", newline="\n")

    @classmethod
    def from_folder(cls, folder: Path, identity: Mapping[str, Any]) -> OwnCode:
        """Find what an experiment was begun with.

        Raises
        ------
        InputError
            If a text is missing or was changed.
        """
        told = identity.get("own_code") or {"rules": {}, "indicators": {}}

        def function(one: Mapping[str, str]) -> OwnFunction:
            file = folder / FOLDER / f"{one['hash']}.py"
            text = file.read_text(encoding="utf-8") if file.is_file() else ""
            found = OwnFunction(one["file"], one["function"], text)
            if found.hash != one["hash"]:
                raise InputError(
                    f"the text of {one['function']} is missing or was changed",
                    file=file,
                    allowed="the file as the experiment put it there",
                )
            return found

        return cls(
            tuple((name, function(one)) for name, one in told["rules"].items()),
            tuple((name, function(one), tuple(one["said"])) for name, one in told["indicators"].items()),
            tuple(told.get("taken_down", ())),
        )


BESIDE: Final = ("channel", "size")
"""What can be taken down beside an ordinary record: contracts by channel, enterprises by size."""


def _taken_down(name: str) -> dict[str, Any]:
    """Give the indicators of something that is taken down beside."""
    from ...model.indicators.of_channels import channel_indicators
    from ...model.indicators.of_sizes import size_indicators

    return {"channel": channel_indicators, "size": size_indicators}[name]()


def _hash_of(name: str) -> str:
    from ...model.indicators import of_channels, of_sizes

    text = Path(str({"channel": of_channels, "size": of_sizes}[name].__file__)).read_bytes()
    return hashlib.sha256(text).hexdigest()[:16]


NOTHING: Final = OwnCode()
"""For an experiment of the model alone."""


@functools.lru_cache(maxsize=8)
def _load(own: OwnCode) -> tuple[OwnRules, dict[str, Any]]:
    from ...model.ecosystem import own_rules

    rules = {name: function.load() for name, function in own.rules}
    indicators = {name: (function.load(), *said) for name, function, said in own.indicators}
    for name in own.taken_down:
        indicators |= _taken_down(name)
    return own_rules(rules), indicators


def own_code(
    rules: Mapping[str, Function | str] | Sequence[str] | None = None,
    indicators: Mapping[str, Any] | None = None,
) -> OwnCode:
    """Take rules and indicators from outside, and check them as far as that goes without a run.

    Parameters
    ----------
    rules : mapping or sequence of str, optional
        By the name of the rule that is replaced, a function or ``FILE.py:FUNCTION``; or texts
        ``RULE=FILE.py:FUNCTION``, as on the command line.
    indicators : mapping, optional
        By id, (function or ``FILE.py:FUNCTION``, unit, kind, title_en, title_zh).

    Raises
    ------
    InputError
        If a file, a function, a rule, an id, a unit or a kind is not there, or arguments do not fit.
    """
    if not rules and not indicators:
        return NOTHING
    from ...model.indicators.from_outside import in_form

    if rules is not None and not isinstance(rules, Mapping):
        rules = dict(_split(one) for one in rules)
    said = {name: in_form(name, entry) for name, entry in (indicators or {}).items()}
    found = OwnCode(
        tuple((name, _function(name, one)) for name, one in sorted((rules or {}).items())),
        tuple((name, _function(name, one.function), tuple(one[1:])) for name, one in said.items()),
    )
    found.definitions()
    return found


def _split(written: str) -> tuple[str, str]:
    """Part ``RULE=FILE.py:FUNCTION``."""
    name, equals, place = written.partition("=")
    if not equals or not name:
        raise InputError(
            f"{written!r} names no rule and no function", key="--rule", allowed="RULE=FILE.py:FUNCTION"
        )
    return name.strip(), place


def _function(name: str, given: Function | str) -> OwnFunction:
    """Find a function, or read the file that a text names."""
    if not isinstance(given, str):
        from ...model.own_rules import behind
        from .text_of_function import text_of

        text, found = text_of(given), behind(given)
        return OwnFunction(Path(found.__code__.co_filename).name, found.__name__, text)
    place, colon, function = given.rpartition(":")
    if not colon or not function.isidentifier():
        raise InputError(f"{given!r} names no function", key=name, allowed="FILE.py:FUNCTION")
    file = Path(place)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{place!r} cannot be read: {getattr(error, 'strerror', None) or 'it is no text in UTF-8'}",
            key=name,
            allowed="FILE.py:FUNCTION",
        ) from error
    return OwnFunction(file.name, function, text)


def run_with(scenario: Scenario | str, *, own: OwnCode, seed: int, scale: float = 0.1) -> RecordLike:
    """Make one run with what comes from outside; see `model.run`."""
    from ...model.running import run

    rules, indicators = own.load()
    return run(scenario, seed=seed, scale=scale, rules=rules, indicators=indicators)


def run_together_with(
    scenarios: Sequence[Any], *, own: OwnCode, seed: int, scale: float = 0.1
) -> Sequence[RecordLike]:
    """Make the runs of one future with what comes from outside; see `model.running.run_together`."""
    from ...model.running import run_together

    rules, indicators = own.load()
    return run_together(scenarios, seed=seed, scale=scale, rules=rules, indicators=indicators)
