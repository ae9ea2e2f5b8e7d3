"""Rules by the names that levers give them: room, file and function, in whichever folder of the room."""

from __future__ import annotations

from importlib import import_module

from .places import PACKAGE


def rule_called(name: str) -> object | None:
    """Find the function that a lever names as its rule.

    Parameters
    ----------
    name : str
        For example ``model.grant_programmes.support_pilots``: a file of this name stands once in a room.

    Returns
    -------
    callable or None
        None if there is no such file or function.
    """
    room, file, function = name.split(".")
    package = __package__.rpartition(".")[0]
    for found in sorted((PACKAGE / room).rglob(f"{file}.py")):
        words = found.relative_to(PACKAGE).with_suffix("").parts
        rule: object = getattr(import_module(".".join((package, *words))), function, None)
        if rule is not None:
            return rule
    return None
