"""A rule from outside in place of one of the model's, for as long as a run lasts.

Every function that the page of the quarter calls, and every one that those call, can be replaced: compiled or
plain, by its file and name, for example ``enterprise.certify``. Numba builds a called rule into its callers,
so that all compiled callers of a replaced rule are compiled anew, with a cache of their own; the model's own
rules stand again when the run has ended.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Final, cast

from numba.core.errors import NumbaError

from ..engine.errors import InputError, check_choice, nearest
from ..engine.rules import compiled_apart
from ..scenarios import shared_parameters
from .state import parameter_records
from .state.parameter_records import READ_IN_MODEL

__all__ = ["OwnRules", "Rule", "behind", "name_of", "replaceable_rules"]

_PACKAGE: Final = __name__.rpartition(".model.")[0]
_ROOMS: Final = (f"{_PACKAGE}.agents.", f"{_PACKAGE}.model.")

Function = Callable[..., object]


@dataclass(frozen=True)
class Rule:
    """A rule that may be replaced.

    Attributes
    ----------
    name : str
        Its file and its own name: ``enterprise.certify``.
    arguments : tuple of str
        Names of its arguments, which a rule in its place has as well, in this order.
    compiled : bool
        Whether it is a loop over rows that Numba compiles.
    sentence : str
        What it does: the first line of its docstring.
    function : callable
    """

    name: str
    arguments: tuple[str, ...]
    compiled: bool
    sentence: str
    function: Function


@functools.cache
def replaceable_rules(page: FunctionType) -> Mapping[str, Rule]:
    """Find the rules that may be replaced, by name, in the order in which the quarter comes to them.

    Parameters
    ----------
    page : function
        The page of the quarter: `Ecosystem.step`.

    Returns
    -------
    mapping of str to Rule
        Whatever stands in agents and model and bears no private name.
    """
    found: dict[str, Rule] = {}
    open_ = [*_called_by(page)][::-1]
    seen: set[int] = set()
    while open_:
        function = open_.pop()
        plain = behind(function)
        if id(plain) in seen:
            continue
        seen.add(id(plain))
        if not plain.__name__.startswith("_"):
            found[name_of(function)] = Rule(
                name_of(function),
                tuple(inspect.signature(plain).parameters),
                function is not plain,
                (inspect.getdoc(plain) or "").partition("\n")[0],
                function,
            )
        open_ += [*_called_by(plain)][::-1]
    return found


class OwnRules:
    """Rules from outside that stand in place of the model's.

    Parameters
    ----------
    rules : mapping of str to callable
        A function by the name of the rule that it replaces.
    page : function
        The page of the quarter; see `replaceable_rules`.

    Raises
    ------
    InputError
        If there is no such rule, or the function has other arguments.
    """

    def __init__(self, rules: Mapping[str, Function], page: FunctionType) -> None:
        self.rules = dict(rules)
        self.known = replaceable_rules(page) if rules else {}
        for name, function in rules.items():
            _check(name, function, self.known)
        self._exchanged: list[tuple[dict[str, object], str, object, object]] | None = None

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.rules)

    @contextlib.contextmanager
    def in_force(self) -> Iterator[None]:
        """Let the rules stand in the model's place.

        Raises
        ------
        InputError
            If Numba cannot compile one of them.
        """
        if not self.rules:
            yield
            return
        if self._exchanged is None:
            self._exchanged = self._exchange()
        for names, name, _, own in self._exchanged:
            names[name] = own
        try:
            yield
        except (NumbaError, KeyError) as error:  # a field that a row has not is a KeyError to Numba
            raise self._not_compiled(error) from error
        finally:
            for names, name, original, _ in self._exchanged:
                names[name] = original

    def _exchange(self) -> list[tuple[dict[str, object], str, object, object]]:
        """List what is exchanged: names of a module, one of them, what it means and what it is to mean."""
        instead = self._built()
        replaced = {id(self.known[name].function) for name in self.rules}
        inside = [vars(one) for name, one in [*sys.modules.items()] if name.startswith(_ROOMS)]
        outside = [behind(function).__globals__ for function in self.rules.values()]
        found: list[tuple[dict[str, object], str, object, object]] = []
        for names in [*inside, *outside]:
            for name, value in names.items():
                # A rule of one's own may call the very rule that it replaces.
                kept = id(value) in replaced and any(names is one for one in outside)
                if id(value) in instead and not kept:
                    found.append((names, name, value, instead[id(value)]))
        families = self._families()
        return [*found, (vars(parameter_records), "FAMILIES", parameter_records.FAMILIES, families)]

    def _families(self) -> dict[str, tuple[str, ...]]:
        """Widen the records of parameters by what own rules read and their family does not.

        A compiled rule gets its record from whoever calls it, hence from every family that holds all that
        the rules of its file read. New fields stand in front: a record that only goes on where another ends
        would be taken for it by Numba, with a warning.
        """
        families = dict(parameter_records.FAMILIES)
        for name, function in self.rules.items():
            module = sys.modules[behind(self.known[name].function).__module__]
            file = name.partition(".")[0]
            held = {*READ_IN_MODEL.get(file, getattr(module, "PARAMETERS_READ", ()))}
            wanted = _parameters_of(behind(function))
            for family, names in families.items():
                if held <= {*names}:
                    families[family] = (*sorted(wanted - {*names}), *names)
        return families

    def _built(self) -> dict[int, Function]:
        """Give what stands in place of each rule, and of each compiled rule that calls one, by identity."""
        instead: dict[int, Function] = {}
        for name, function in self.rules.items():
            compiled = self.known[name].compiled and not hasattr(function, "py_func")
            takes = compiled_apart(function) if compiled else function
            instead[id(self.known[name].function)] = takes
        for caller in _compiled_callers({*instead}, self.known.values()):
            instead.setdefault(id(caller), compiled_apart(behind(caller)))
        return instead

    def _not_compiled(self, error: Exception) -> InputError:
        message = " ".join(line.strip() for line in str(error).splitlines() if line.strip())
        code = behind(next(iter(self.rules.values()))).__code__
        return InputError(
            f"the rule from outside cannot be compiled: {type(error).__name__}: {message[:300]}",
            key=", ".join(sorted(self.rules)),
            file=Path(code.co_filename),
            line=code.co_firstlineno,
            allowed="plain Python over rows and numbers, as in the rule that it replaces",
        )


def _check(name: str, function: Function, known: Mapping[str, Rule]) -> None:
    """Refuse a rule that is not there, or a function that cannot take its place."""
    check_choice(
        name,
        "rules",
        known,
        f"no rule is called {name!r}",
        allowed="the names that `shaanxi-transfer list rules` gives",
    )
    plain: object = behind(function)
    if not isinstance(plain, FunctionType):
        raise InputError(f"{function!r} is no function", key=name, allowed="a Python function")
    arguments = tuple(inspect.signature(plain).parameters)
    if arguments != known[name].arguments:
        raise InputError(
            f"{plain.__name__}({', '.join(arguments)}) has other arguments than the rule",
            key=name,
            file=Path(plain.__code__.co_filename),
            line=plain.__code__.co_firstlineno,
            allowed=f"{plain.__name__}({', '.join(known[name].arguments)})",
        )
    if known[name].compiled:
        _check_parameters(name, plain)


def _parameters_of(function: FunctionType) -> set[str]:
    """Name the parameters that a rule from outside, or a function beside it that it calls, may read."""
    words: set[str] = set()
    beside = [function]
    for one in beside:  # grows while it is gone through
        names = [name for code in _codes(one.__code__) for name in code.co_names]
        words.update(names)
        for name in names:
            called: object = behind(one.__globals__.get(name))
            if isinstance(called, FunctionType) and called.__module__ == one.__module__:
                beside += [] if called in beside else [called]
    return words & shared_parameters().keys()


def _check_parameters(name: str, function: FunctionType) -> None:
    """Refuse a parameter that is none, with the nearest one."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return  # without its text, Numba finds it
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            continue
        if node.value.id == "parameters" and node.attr not in shared_parameters():
            raise InputError(
                f"{function.__name__} reads {node.attr!r}, which is no parameter",
                key=name,
                file=Path(function.__code__.co_filename),
                line=function.__code__.co_firstlineno + node.lineno - 1,
                allowed="the parameters that `shaanxi-transfer list parameters` gives",
                suggestion=nearest(node.attr, shared_parameters()),
            )


def name_of(function: Function) -> str:
    """Name a rule by its file and its own name."""
    plain = behind(function)
    return f"{plain.__module__.rpartition('.')[2]}.{plain.__name__}"


def behind(function: object) -> FunctionType:
    """Give the Python function behind a compiled one; whatever else it is given as it is."""
    return cast(FunctionType, getattr(function, "py_func", function))


def _called_by(function: FunctionType) -> Iterator[Function]:
    """Give the functions of agents and model whose names a function uses, in the order of its text."""
    for code in _codes(function.__code__):
        bound = function.__globals__
        modules = [each for each in map(bound.get, code.co_names) if isinstance(each, ModuleType)]
        for name in code.co_names:
            for value in (bound.get(name), *(getattr(each, name, None) for each in modules)):
                plain: object = behind(value)
                if isinstance(plain, FunctionType) and plain.__module__.startswith(_ROOMS):
                    yield cast(Function, value)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Give the code of a function and of all that is defined inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _compiled_callers(replaced: set[int], known: Iterable[Rule]) -> list[Function]:
    """Find the compiled rules into which Numba builds one of some rules."""
    callers: dict[int, list[Function]] = {}
    functions = {id(each.function): each.function for each in known}
    open_functions = [*functions.values()]
    while open_functions:  # private rules stand between
        function = open_functions.pop()
        for called in _called_by(behind(function)):
            if hasattr(function, "py_func"):
                callers.setdefault(id(called), []).append(function)
            if id(called) not in functions:
                functions[id(called)] = called
                open_functions.append(called)
    found: dict[int, Function] = {}
    open_ = [*replaced]
    while open_:
        for caller in callers.get(open_.pop(), ()):
            if id(caller) not in found:
                found[id(caller)] = caller
                open_.append(id(caller))
    return [*found.values()]
