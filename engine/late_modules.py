"""Parts of a library that load when something is first asked of them, not when the library does.

The loader of this kind in the standard library wakes at every look at a module, even at its file's name; one
such look goes over all modules while Mesa loads. Here a name that the module already has wakes nothing.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, Final

__all__ = ["load_late"]

_ONE_AT_A_TIME: Final = threading.RLock()


class _LateModule(ModuleType):
    """A module that has its name, file and folder, and nothing else yet."""

    def __getattr__(self, name: str) -> Any:
        """Load the module when it is asked for a name that it does not have."""
        with _ONE_AT_A_TIME:
            spec = self.__spec__
            if spec is not None and isinstance(waiting := spec.loader, _LateLoader):
                spec.loader = waiting.loader
                try:
                    waiting.loader.exec_module(self)
                except BaseException:
                    spec.loader = waiting  # whoever asks next is told the same
                    raise
                object.__setattr__(self, "__class__", ModuleType)
        if name in vars(self):
            return vars(self)[name]
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


class _LateLoader(Loader):
    """Puts off what another loader does."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self.loader
        module.__class__ = _LateModule


class _Finder:
    """Finds modules as Python does, and lets them wait; gone when all are found."""

    def __init__(self, names: Sequence[str]) -> None:
        self._left = set(names)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in self._left:
            return None
        self._left.discard(name)
        if not self._left:
            sys.meta_path.remove(self)
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _LateLoader(spec.loader)
        return spec


def load_late(library: str, *parts: str) -> None:
    """Let parts of a library wait when it is imported; nothing happens if it has been imported already.

    Parameters
    ----------
    library : str
        For example ``"mesa"``.
    *parts : str
        Modules in it that it imports as a whole (``import mesa.space``), for example ``"space"``. One from
        which it imports a name loads at once.
    """
    if library not in sys.modules:
        sys.meta_path.insert(0, _Finder([f"{library}.{part}" for part in parts]))
