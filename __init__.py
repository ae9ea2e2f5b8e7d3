"""Technology transfer in a Chinese province: who invents, who pays, who buys, who registers.

The names below are loaded when they are first asked for, so that importing the
package does no work.

Examples
--------
>>> from shaanxi_transfer import load
>>> load("action_plan").set(fund_size=5e9).province
'shaanxi'
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import TYPE_CHECKING

from .engine.late_modules import load_late

if TYPE_CHECKING:
    from .experiments.score import score
    from .model import Ecosystem, run
    from .model.indicators import indicators
    from .reports.brief.report import report
    from .reports.notebooks.advice import attribute, rank, results, sweep, why
    from .reports.notebooks.discovery import discover, worth
    from .reports.notebooks.forecast import compare, forecast, keep
    from .reports.notebooks.search import search
    from .reports.notebooks.sensitivity import sensitivity
    from .scenarios import levers, load

# No run needs Mesa's spaces, nor the graphs and geometry that they bring.
load_late("mesa", "experimental", "space")
# Mesa brings a progress bar that nothing here draws, and that asks for ipywidgets in every notebook.
warnings.filterwarnings("ignore", message="IProgress not found")

__version__ = "0.2.0"

__all__ = [
    "Ecosystem",
    "__version__",
    "attribute",
    "compare",
    "discover",
    "forecast",
    "indicators",
    "keep",
    "levers",
    "load",
    "rank",
    "report",
    "results",
    "run",
    "score",
    "search",
    "sensitivity",
    "sweep",
    "why",
    "worth",
]

_HOME_OF = {
    "Ecosystem": ".model",
    "attribute": ".reports.notebooks.advice",
    "compare": ".reports.notebooks.forecast",
    "discover": ".reports.notebooks.discovery",
    "forecast": ".reports.notebooks.forecast",
    "indicators": ".model.indicators",
    "keep": ".reports.notebooks.forecast",
    "levers": ".scenarios",
    "load": ".scenarios",
    "rank": ".reports.notebooks.advice",
    "report": ".reports.brief.report",
    "results": ".reports.notebooks.advice",
    "run": ".model",
    "score": ".experiments.score",
    "search": ".reports.notebooks.search",
    "sensitivity": ".reports.notebooks.sensitivity",
    "sweep": ".reports.notebooks.advice",
    "why": ".reports.notebooks.advice",
    "worth": ".reports.notebooks.discovery",
}

# Hidden from type checkers, which would otherwise take any misspelt name for a public one.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a public name from its room at first use."""
        if name not in _HOME_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_HOME_OF[name], __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
