"""What each task of the plan is in the model: its mechanism, what binds it, and how well it stands."""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import Final, Literal

from pydantic import BaseModel, Field, ValidationError

from ..engine.errors import InputError, nearest
from .choosing.catalogue import lever_catalogue
from .choosing.schema import FROZEN, TASKS, Lever
from .places import TASKS_FILE
from .provinces.parameter_draws import shared_parameters
from .reading.refusals import raise_all, refuse
from .reading.yaml_with_places import Document, read_yaml

__all__ = ["VERDICTS", "TaskVerdict", "evidence_of", "task_verdicts"]

Verdict = Literal["sound", "thin", "knob", "counter", "wrong"]

VERDICTS: Final[tuple[Verdict, ...]] = ("sound", "thin", "knob", "counter", "wrong")
"""The scale, best first.

sound: an actor decides, something binds, and the size rests on more than an assumption. thin: the right
channel, but a part of it or its size is assumed. knob: a gain times a level. counter: it raises a count
that no rule reads. wrong: another mechanism than the plan's clause, or none.
"""


class TaskVerdict(BaseModel):
    """One task or measure of the plan, as the model has it.

    Attributes
    ----------
    verdict : str
        One of :data:`VERDICTS`.
    mechanism_en, mechanism_zh : str
        Who decides what, in one line.
    binds_en, binds_zh : str
        What bounds its effect.
    sizes : tuple of str
        Parameters on which the size of its effect rests.
    causal : tuple of str
        Those of them whose source is a causal estimate: a lottery, a threshold, a reform.
    """

    model_config = FROZEN

    verdict: Verdict
    mechanism_en: str = Field(min_length=10)
    mechanism_zh: str = Field(min_length=5)
    binds_en: str = Field(min_length=5)
    binds_zh: str = Field(min_length=2)
    sizes: list[str] = Field(default_factory=list)
    causal: list[str] = Field(default_factory=list)


@functools.cache
def task_verdicts() -> dict[str, TaskVerdict]:
    """Read the verdicts by task, in the plan's order.

    Raises
    ------
    InputError
        With file, line and column: a task that is missing or unknown, a parameter that does not exist, a
        causal one that is no study.
    """
    document = read_yaml(TASKS_FILE)
    found: dict[str, TaskVerdict] = {}
    errors: list[InputError] = []
    for task, fields in document.data.items():
        if task not in TASKS:
            problem = f"{task!r} is not a task"
            errors.append(
                document.places.error((task,), problem, at_key=True, suggestion=nearest(task, TASKS))
            )
            continue
        try:
            found[task] = TaskVerdict.model_validate(fields)
        except ValidationError as error:
            errors += refuse(error, TaskVerdict, document.places, (task,))
        else:
            errors += _wrong_parameters(task, found[task], document)
    raise_all(errors)
    missing = [task for task in TASKS if task not in found]
    if missing:
        raise InputError(f"nothing is said of {', '.join(missing)}", file=TASKS_FILE)
    return {task: found[task] for task in TASKS}


def _wrong_parameters(task: str, verdict: TaskVerdict, document: Document) -> list[InputError]:
    """Find parameters that do not exist, and causal ones that are no study or carry no size."""
    known = shared_parameters()
    errors = []
    for i, name in enumerate(verdict.sizes):
        if name not in known:
            where = (task, "sizes", str(i))
            problem = f"there is no parameter {name!r}"
            errors.append(document.places.error(where, problem, suggestion=nearest(name, known)))
    for i, name in enumerate(verdict.causal):
        if name not in verdict.sizes or known[name].kind != "study":
            problem = f"{name!r} is no study on which the size rests"
            errors.append(document.places.error((task, "causal", str(i)), problem))
    return errors


def evidence_of(task: str, levers: Collection[Lever] | None = None) -> str:
    """Grade what the size of a task's effect rests on.

    Parameters
    ----------
    task : str
    levers : collection of Lever, optional
        Those of its levers that count; by default all that the plan moves.

    Returns
    -------
    str
        Letters of all that is there, best first: A the plan's own figure or a statistic, B a causal estimate,
        C another study, D an assumption. Levers count, and the parameters named in `TaskVerdict.sizes`.

    Examples
    --------
    >>> evidence_of("task_21")[0]
    'A'
    """
    verdict, parameters = task_verdicts()[task], shared_parameters()
    if levers is None:
        levers = [one for one in lever_catalogue().values() if one.selector == task and one.changes]
    kinds = {lever.kind for lever in levers}
    grades = {"A" if kind in ("plan", "statistic") else "D" for kind in kinds}
    for name in verdict.sizes:
        kind = parameters[name].kind
        study = "B" if name in verdict.causal else "C"
        grades.add({"statistic": "A", "study": study}.get(kind, "D"))
    return "".join(sorted(grades))
