"""A syntax tree in a form of its own: without what cannot move a number, the same under every Python."""

from __future__ import annotations

import ast
from typing import Final

__all__ = ["PlainTree", "is_text"]

WORDS: Final = frozenset({"title_en", "title_zh", "definition", "note"})
"""Keywords whose text is for the reader."""

_UNSEEN: Final = ("ctx", "type_comment", "type_params", "kind", "type_ignores")
"""Fields of a syntax tree that say nothing of a number, or differ between versions of Python."""


class PlainTree:
    """A tree without docstrings, annotations and texts for the reader, with the names that stand in it.

    Attributes
    ----------
    pieces : list of str
        Of the text.
    names : set of str
        Names that stand alone.
    dotted : set of (str, str)
        Names before a dot, with the word behind it.
    words : set of str
        Words behind a dot, and texts that could be one: by these, methods are called.
    imports : list of ast.ImportFrom
        Imports inside.
    """

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.names: set[str] = set()
        self.dotted: set[tuple[str, str]] = set()
        self.words: set[str] = set()
        self.imports: list[ast.Import | ast.ImportFrom] = []

    def add(self, node: ast.AST, *, in_class: bool = False) -> None:
        """Write a tree."""
        if isinstance(node, ast.Name):
            self.names.add(node.id)
            self.pieces.append(f" {node.id}")
        elif isinstance(node, ast.Attribute):
            self.words.add(node.attr)
            if isinstance(node.value, ast.Name):
                self.dotted.add((node.value.id, node.attr))
                self.pieces.append(f" {node.value.id}")
            else:
                self.add(node.value)
            self.pieces.append(f".{node.attr}")
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str) and node.value.isidentifier():
                self.words.add(node.value)
            self.pieces.append(f"({type(node.value).__name__} {node.value!r})")
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self.imports.append(node)
            self.pieces += (f"({alias.name} as {alias.asname})" for alias in node.names)
        elif isinstance(node, ast.AnnAssign) and not in_class:
            if node.value is not None:
                self.add(ast.Assign([node.target], node.value))
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            # What an error says is for the reader.
            self.add(ast.Raise(node.exc.func, node.cause))
        else:
            self._add_fields(node)

    def _add_fields(self, node: ast.AST) -> None:
        in_class = isinstance(node, ast.ClassDef)
        annotated = isinstance(node, ast.AnnAssign)
        self.pieces.append(f"({type(node).__name__}")
        for name in node._fields:
            value = getattr(node, name, None)
            if value is None or value == [] or name in _UNSEEN:
                continue
            if name == "returns" or (name == "annotation" and not annotated):
                continue
            self.pieces.append(f" {name}=")
            for one in value if isinstance(value, list) else (value,):
                if not isinstance(one, ast.AST):
                    self.pieces.append(f"{one!r},")
                elif not is_text(one):
                    self.add(one, in_class=in_class and name == "body")
        self.pieces.append(")")


def is_text(node: ast.AST) -> bool:
    """Whether a part of a tree is a docstring or a text for the reader."""
    if isinstance(node, ast.keyword):
        return node.arg in WORDS and isinstance(node.value, ast.Constant | ast.JoinedStr)
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)
