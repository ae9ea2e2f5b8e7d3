"""Technology transfer in a Chinese province: who invents, who pays, who buys, who registers.

The names below are loaded when they are first asked for, so that importing the
package does no work.

Examples
--------
>>> import shaanxi_transfer
>>> shaanxi_transfer.__version__
'0.1.0'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass

__version__ = "0.1.0"

__all__ = ["__version__"]

_ROOM_OF: dict[str, str] = {}


# Hidden from type checkers, which would otherwise take any misspelt name for a public one.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a public name from its room at first use."""
        if name not in _ROOM_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_ROOM_OF[name], __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
