"""What is made of work that is done: if it fails, the work is none the worse, and the user is told so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer

from ...engine.errors import LastStepError

DONE_BUT: Final = 3
"""Exit code: the work is done and kept; a figure, an export or a page of it is not there."""


class LastSteps:
    """Figures and the like, after the runs and tables are on the disk.

    Parameters
    ----------
    again : str
        The command that makes them again.
    """

    def __init__(self, again: str) -> None:
        self._again = again
        self._failed = False

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Tell in one line if what is done in this block fails, and go on behind it."""
        try:
            yield
        except BrokenPipeError:
            raise
        except Exception as error:
            self._failed = True
            typer.echo(str(LastStepError(what, error, self._again)), err=True)

    def code(self, done: int = 0) -> int:
        """Give the exit code: that of the work, if it is not 0."""
        return done or (DONE_BUT if self._failed else 0)
