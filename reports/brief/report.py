"""A brief from a notebook: ``from shaanxi_transfer import report`` comes through here."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from .write_brief import write_brief

__all__ = ["report"]


class HasFolder(Protocol):
    """What a verb gives back: a forecast, a ranking, a search ..."""

    @property
    def folder(self) -> Path:
        """Where everything of it lies."""


def report(
    *experiments: HasFolder | Path | str,
    lang: str | None = None,
    form: str = "html",
    out: Path | str | None = None,
) -> Path:
    """Write the policy brief of one or several experiments of one province.

    Parameters
    ----------
    *experiments : finished experiment, or path-like
        What ``forecast``, ``compare``, ``rank``, ``attribute``, ``search``, ``sweep``, ``why`` or
        ``sensitivity`` gave, or its folder; one of a kind.
    lang : {'en', 'zh'}
        Language of the brief.
    form : {'html', 'docx'}
        One page of HTML that needs no other file, or a Word document (extra ``report``).
    out : path-like, optional
        Folder of the brief; ``brief`` in the folder of the first experiment by default.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If a folder holds no finished experiment, one of a newer version, or they are of several provinces.
    LastStepError
        If a figure could not be drawn; the brief is written, without it.

    Examples
    --------
    >>> from shaanxi_transfer import forecast, rank, report
    >>> f = forecast("action_plan", runs=100)  # doctest: +SKIP
    >>> report(f, rank("action_plan"), lang="zh")  # doctest: +SKIP
    """
    from ...engine.errors import LastStepError

    folders = [one if isinstance(one, str | Path) else one.folder for one in experiments]
    done = write_brief(folders, lang=lang, form=form, out=out)
    for caption, error in done.lost:
        raise LastStepError(caption, error, f"report again; {done.file} is written without it")
    return done.file
