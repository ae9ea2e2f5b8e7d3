"""The code that fixes a number: what a function reaches, as syntax trees, and nothing else.

A hash of files changes with every title, docstring and page writer that happens to lie beside a rule, and
says of a fit that it is outdated although no run gives another figure. Here the hash is of the definitions
that a run can come to, wherever they lie: functions, classes, constants, and the methods whose names are
used. Docstrings, annotations, titles and the words of an error cannot move a number and are left out; so are
the names of files, so that code may move from one to another.

What is reached is read from the code's own names, never by running it, and errs on the side of too much: a
name that might mean a definition of the package does mean it.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import inspect
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .kept_by_contents import kept_by_contents, stamp_of
from .syntax_trees import PlainTree, is_text

__all__ = ["hash_of_reached", "hashes_of_functions", "reached"]

_LAZY: Final = ("_HOME", "_HOME_OF")
"""In the face of a room: which module each name is loaded from when it is first asked for."""

Module = tuple[str, ...]
Place = tuple[Module, str]

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class _File:
    """What a file binds at its top level.

    Attributes
    ----------
    defined : dict of str to list of ast.stmt
        Statements that give a name its meaning.
    imported : dict of str to (module, name)
        Where a name comes from; the name is empty for a module as a whole.
    loose : list of ast.stmt
        Statements that define nothing: they run when the file is first imported.
    """

    defined: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imported: dict[str, Place] = field(default_factory=dict)
    loose: list[ast.stmt] = field(default_factory=list)


class _Package:
    """The files of a package, each parsed when it is first looked at."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._files: dict[Module, _File | None] = {}
        self._trees: dict[Module, ast.Module] = {}
        self._written: dict[ast.AST, PlainTree] = {}
        self._bare: dict[ast.ClassDef, ast.ClassDef] = {}

    def file(self, module: Module) -> _File | None:
        """Give what a module binds; None if the package has no such module."""
        if module not in self._files:
            path = self.root.joinpath(*module)
            source = path.with_suffix(".py") if module and path.with_suffix(".py").is_file() else None
            if source is None and (path / "__init__.py").is_file():
                source = path / "__init__.py"
            self._files[module] = None if source is None else self._read(source, module)
        return self._files[module]

    def written(self, node: ast.AST) -> PlainTree:
        """Give a definition in its plain form, written once for all who reach it."""
        if node not in self._written:
            self._written[node] = PlainTree()
            self._written[node].add(node, in_class=isinstance(node, ast.ClassDef))
        return self._written[node]

    def bare(self, node: ast.ClassDef, kept: list[ast.stmt]) -> ast.ClassDef:
        """Give a class with some of its statements alone, the same each time."""
        if node not in self._bare:
            self._bare[node] = ast.ClassDef(node.name, node.bases, node.keywords, kept, node.decorator_list)
        return self._bare[node]

    def tree(self, module: Module) -> ast.Module:
        """Give the syntax tree of a module that the package has."""
        self.file(module)
        return self._trees[module]

    def _read(self, source: Path, module: Module) -> _File:
        found = _File()
        folder = module if source.name == "__init__.py" else module[:-1]
        self._trees[module] = ast.parse(source.read_text(encoding="utf-8"))
        self._bind(self._trees[module].body, folder, found)
        return found

    def _bind(self, statements: Iterable[ast.stmt], folder: Module, found: _File) -> None:
        for statement in statements:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                found.imported |= self.imports(statement, folder)
            elif isinstance(statement, _Function | ast.ClassDef):
                found.defined.setdefault(statement.name, []).append(statement)
            elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
                for name in _bound(statement):
                    found.defined.setdefault(name, []).append(statement)
            elif isinstance(statement, ast.If):
                if not _never_runs(statement.test):
                    found.loose.append(ast.Expr(statement.test))
                    self._bind([*statement.body, *statement.orelse], folder, found)
            elif not is_text(statement):
                found.loose.append(statement)
        found.defined.pop("__all__", None)

    def imports(self, statement: ast.Import | ast.ImportFrom, folder: Module) -> dict[str, Place]:
        """Give what an import binds, where it comes from inside the package."""
        if isinstance(statement, ast.Import) or not statement.level:
            return {}
        module = (
            *folder[: len(folder) - statement.level + 1],
            *(statement.module or "").split("."),
        )
        module = tuple(part for part in module if part)
        return {alias.asname or alias.name: (module, alias.name) for alias in statement.names}

    def folder_of(self, module: Module) -> Module:
        """Give the folder from which a module's imports count their dots."""
        return module if (self.root.joinpath(*module) / "__init__.py").is_file() else module[:-1]

    def find(self, module: Module, name: str) -> Place | None:
        """Follow a name to where it is defined; a module as a whole has the empty name."""
        file = self.file(module)
        if file is not None:
            if name in file.defined:
                return module, name
            if name in file.imported:
                return self.find(*file.imported[name])
            for lazy in _LAZY:
                for statement in file.defined.get(lazy, ()):
                    home = _entry(statement, name)
                    if home is not None:
                        return self.find((*module, *home.strip(".").split(".")), name)
        inner = (*module, name)
        return (inner, "") if self.file(inner) is not None else None


def reached(
    root: Path, start: Sequence[tuple[str, str]], *, left_out: Collection[str] = ()
) -> dict[str, list[str]]:
    """Give the definitions that some functions reach, each as its syntax tree.

    Parameters
    ----------
    root : Path
        Folder of the package.
    start : sequence of (str, str)
        Module, with dots, and name of each function, for example ``("model.running", "run")``.
    left_out : collection of str
        Modules, or folders of modules, that are not followed.

    Returns
    -------
    dict of str to list of str
        By name of the definition (``name`` or ``Class.method``): its trees without docstrings, annotations
        and texts for the reader. Definitions of one name in several files stand side by side.

    Raises
    ------
    LookupError
        If the package has no such function.
    """
    return _Walk(_Package(root), left_out).from_(start)


def hash_of_reached(root: Path, start: tuple[tuple[str, str], ...], left_out: tuple[str, ...] = ()) -> str:
    """Hash what some functions reach; see `reached`.

    Returns
    -------
    str
        64 hexadecimal digits (SHA-256): the same wherever the definitions lie, and under every version of
        Python that reads them alike.
    """

    def hashed() -> list[str]:
        return [_walked(_package(root, stamp_of(root)), start, left_out).digest().hex()]

    (found,) = kept_by_contents(root, ("reached", start, left_out), hashed)
    return found


@functools.lru_cache(maxsize=2)
def _package(root: Path, stamp: int) -> _Package:
    return _Package(root)


def hashes_of_functions(
    root: Path,
    functions: Iterable[Callable[..., Any]],
    *,
    beside: tuple[tuple[str, str], ...] = (),
    left_out: tuple[str, ...] = (),
) -> list[str]:
    """Hash functions of the package, each with what it reaches, wherever it was made.

    Parameters
    ----------
    root : Path
        Folder of the package.
    functions : iterable of callable
        With a name or without; what a function keeps from the place where it was made counts by its value.
    beside, left_out : tuple
        What has a hash of its own, as ``start`` and ``left_out`` of `reached`: of the classes that it
        reaches, a function may call methods that nobody calls there.

    Returns
    -------
    list of str
        16 hexadecimal digits each.
    """
    functions = [*functions]

    def hashed() -> list[str]:
        other = _walked(_package(root, stamp_of(root)), beside, left_out)
        return [_hash_of_function(other, function) for function in functions]

    places = [_place_of(root, function) for function in functions]
    return kept_by_contents(root, ("functions", places, beside, left_out), hashed)


@functools.lru_cache(maxsize=16)
def _walked(package: _Package, start: tuple[tuple[str, str], ...], left_out: tuple[str, ...]) -> _Walk:
    walk = _Walk(package, left_out)
    walk.from_(start)
    return walk


def _place_of(root: Path, function: Any) -> tuple[Module, int, list[tuple[str, object]]]:
    """Say in which module and on which line a function begins, and what it keeps from there."""
    function = getattr(function, "py_func", function)
    file = Path(function.__code__.co_filename).resolve()
    kept = inspect.getclosurevars(function).nonlocals.items()
    told = [(name, _place_of(root, value) if hasattr(value, "__code__") else value) for name, value in kept]
    return file.relative_to(root.resolve()).with_suffix("").parts, function.__code__.co_firstlineno, told


def _hash_of_function(other: _Walk, function: Any) -> str:
    module, line, _ = _place_of(other.package.root, function)
    walk = _Walk(other.package)
    walk.waiting = {name: list(methods) for name, methods in other.waiting.items()}
    walk.from_line(module, line)
    digest = hashlib.sha256(walk.digest())
    for name, value in inspect.getclosurevars(getattr(function, "py_func", function)).nonlocals.items():
        told = _hash_of_function(other, value) if hasattr(value, "__code__") else repr(value)
        digest.update(f"{name}={told}\0".encode())
    return digest.hexdigest()[:16]


class _Walk:
    """From definition to definition by the names that each uses."""

    def __init__(self, package: _Package, left_out: Collection[str] = ()) -> None:
        self.package = package
        self.left_out = [tuple(one.split(".")) for one in left_out]
        self.found: dict[str, list[str]] = {}
        self.words: set[str] = set()
        self._seen: set[Place] = set()
        self._open: list[Place] = []
        self.waiting: dict[str, list[tuple[Module, str, _Function]]] = {}

    def from_(self, start: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
        for module, name in start:
            place = self.package.find(tuple(module.split(".")), name)
            if place is None:
                raise LookupError(f"the package has no {module}.{name}")
            self._go(place)
        self._follow()
        return self.found

    def from_line(self, module: Module, line: int) -> None:
        """Take the functions that begin on a line, and follow them."""
        for node in ast.walk(self.package.tree(module)):
            if isinstance(node, ast.Lambda | _Function):
                first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
                if first == line:
                    self._take(module, "<function>", node)
        self._follow()

    def digest(self) -> bytes:
        """Hash what was found, in no order of files."""
        digest = hashlib.sha256()
        for name, trees in sorted(self.found.items()):
            for tree in sorted(trees):
                digest.update(f"{name}\0{len(tree)}\0{tree}\0".encode())
        return digest.digest()

    def _follow(self) -> None:
        while self._open or self._called():
            while self._open:
                self._visit(*self._open.pop())

    def _go(self, place: Place | None) -> None:
        """Note a definition that is to be looked at, with what its file does when it is imported."""
        if place is None or any(place[0][: len(one)] == one for one in self.left_out):
            return
        for each in (place, (place[0], "<file>")):
            if each not in self._seen:
                self._seen.add(each)
                self._open.append(each)

    def _called(self) -> bool:
        """Look at the methods whose names have been used meanwhile; say whether there were any."""
        named = [name for name in self.waiting if name in self.words]
        for name in named:
            for module, label, method in self.waiting.pop(name):
                self._take(module, label, method)
        return bool(named)

    def _visit(self, module: Module, name: str) -> None:
        file = self.package.file(module)
        assert file is not None
        if name == "<file>":
            for statement in file.loose:
                self._take(module, name, statement)
        elif not name:
            for each in file.defined:
                self._go((module, each))
        else:
            for statement in file.defined[name]:
                if isinstance(statement, ast.ClassDef):
                    self._open_class(module, statement)
                else:
                    self._take(module, name, statement)

    def _open_class(self, module: Module, node: ast.ClassDef) -> None:
        """Take a class without its plain methods, which wait until somebody calls them by name."""
        kept: list[ast.stmt] = []
        for statement in node.body:
            if isinstance(statement, _Function) and _waits(statement):
                label = f"{node.name}.{statement.name}"
                self.waiting.setdefault(statement.name, []).append((module, label, statement))
            else:
                kept.append(statement)
        self._take(module, node.name, self.package.bare(node, kept))

    def _take(self, module: Module, label: str, node: ast.AST) -> None:
        """Write a definition down and follow its names."""
        written = self.package.written(node)
        self.found.setdefault(label, []).append("".join(written.pieces))
        self.words |= written.words
        folder = self.package.folder_of(module)
        inner = dict[str, Place]()
        for statement in written.imports:
            inner |= self.package.imports(statement, folder)

        def find(name: str) -> Place | None:
            return self.package.find(*inner[name]) if name in inner else self.package.find(module, name)

        for name in written.names:
            self._go(find(name))
        for name, attribute in written.dotted:
            place = find(name)
            self._go(place if place is None or place[1] else self.package.find(place[0], attribute))


def _waits(method: _Function) -> bool:
    """Whether a method does nothing until somebody calls it by its name."""
    return not method.decorator_list and not method.name.startswith("__")


def _never_runs(test: ast.expr) -> bool:
    """Whether a condition holds for type checkers, or for a file that is called by itself, alone."""
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name):
        return test.left.id == "__name__"
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _bound(statement: ast.Assign | ast.AnnAssign | ast.AugAssign) -> list[str]:
    """Name what an assignment at the top of a file gives a meaning."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    names = (node for target in targets for node in ast.walk(target))
    return [node.id for node in names if isinstance(node, ast.Name)]


def _entry(statement: ast.stmt, name: str) -> str | None:
    """Look a name up in an assignment of a plain dict of texts."""
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Dict):
        for key, home in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == name and isinstance(home, ast.Constant):
                return str(home.value)
    return None
