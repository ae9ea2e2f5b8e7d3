"""Find a scenario by name or path, lay base and overlays over each other, and check the whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from ..engine.errors import InputError, nearest
from .choosing.amounts_in_words import AmountRead, amounts_in, with_amounts
from .choosing.catalogue import list_overlays, list_scenarios
from .choosing.lever_choices import KEEP
from .choosing.overlays_by_name import (
    GENERATED_IN_WORDS,
    canonical_generated,
    generated_overlay,
    list_generated,
)
from .migrating.steps import changes_in
from .places import NAMED_FOLDER, OVERLAY_FOLDER, SCENARIOS
from .provinces.coverage import kind_problems
from .provinces.pack import load_pack
from .provinces.parameter_draws import WHOLES, parameters_in, shared_parameters, sums_of_wholes
from .reading.names_from_files import joined_names, name_from_file, readable
from .reading.refusals import Places, problems_of, raise_all
from .reading.workbook import WORKBOOK, read_workbook
from .reading.yaml_with_places import Document, read_yaml
from .scenario import Scenario, laid_over
from .writing.workbook import FORM

__all__ = [
    "SUFFIXES",
    "amounts_of",
    "base_of",
    "check",
    "comes_with_the_package",
    "holds_parameters",
    "load",
    "refused_in",
    "scenario_file",
]

SUFFIXES: Final = (".yaml", ".yml", WORKBOOK)
"""What a scenario file may be called."""


ALONE_OVER: Final = "action_plan"
"""The scenario on which an overlay lies that is named alone."""


class Layer(NamedTuple):
    """What is laid over a scenario: a file, or rules made from a name."""

    name: str
    document: Document
    folder: Path


def load(name_or_path: str | Path | Scenario) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    name_or_path : str, Path or Scenario
        A name of `list_scenarios`; an overlay's (``"finance_only"``,
        ``"without_task_21"``), which then lies over ``action_plan``; the path of a YAML or
        xlsx file; or any of these with overlays laid over it in their order:
        ``"action_plan+half_budget"``. A scenario is given back as it is.

    Returns
    -------
    Scenario
        Base, overlays in their order, then the file's own entries; the upper wins.

    Raises
    ------
    InputError
        Unknown name, or anything wrong in one of the files.

    Examples
    --------
    >>> load("action_plan").levers
    {'all': 'plan'}
    >>> load("only_task_22").levers
    {'all': 'no_plan', 'task_22': 'plan'}
    """
    if isinstance(name_or_path, Scenario):
        return name_or_path
    text = str(name_or_path)
    if not Path(text).is_file() and "+" in text:
        first, *rest = text.split("+")
        scenario = load(first.strip())
        for overlay in rest:
            scenario = _lay(scenario, _layer(overlay.strip()))
        return scenario
    return _load_named(text, None, ())


def base_of(name_or_path: str | Path) -> Scenario:
    """Load what a scenario lies on, `no_plan` if it names nothing; for telling how it differs."""
    text = str(name_or_path)
    first = text if Path(text).is_file() else text.split("+")[0].strip()
    base = load(text).base
    return load("no_plan") if base is None else _load_named(base, Path(first).parent, ())


def comes_with_the_package(name: object) -> bool:
    """Tell a name that is made of scenarios and overlays of the package alone.

    Examples
    --------
    >>> comes_with_the_package("action_plan+half_budget"), comes_with_the_package("mine.yaml+half_budget")
    (True, False)
    """
    known = {*list_scenarios(), *list_overlays()}
    parts = [part.strip() for part in name.split("+")] if isinstance(name, str) else [""]
    return all(part in known or canonical_generated(part) is not None for part in parts)


def scenario_file(name_or_path: str) -> Path:
    """Find the file of a scenario; the named ones come first."""
    return _find(name_or_path, NAMED_FOLDER, list_scenarios(), "scenario")


def _load_named(name: str, relative_to: Path | None, above: tuple[Path, ...]) -> Scenario:
    """Load a named scenario, an overlay that is named alone, or a file."""
    alone = name in list_overlays() or canonical_generated(name) is not None
    if not alone or name in list_scenarios():
        return _load_file(_find(name, NAMED_FOLDER, list_scenarios(), "scenario", relative_to), above)
    layer = _layer(name)
    own = {field: layer.document.data.get(field, layer.name) for field in ("title_en", "title_zh")}
    scenario = _lay(load(ALONE_OVER), layer)
    titles = {field: title[:1].upper() + title[1:] for field, title in own.items()}
    return scenario.model_copy(update={"name": layer.name, "base": ALONE_OVER, **titles})


def _find(name: str, folder: Path, known: list[str], what: str, relative_to: Path | None = None) -> Path:
    if name in known:
        return folder / f"{name}.yaml"
    path = Path(name) if relative_to is None else relative_to / name
    if path.is_file():
        return path
    if path.suffix in SUFFIXES or "/" in name or "\\" in name:
        raise InputError(f"the file {path} does not exist", key=what)
    overlays = [*list_overlays(), *list_generated()]
    names = ", ".join(dict.fromkeys([*known, *list_overlays()]))
    raise InputError(
        f"there is no {what} {name!r}",
        key=what,
        allowed=f"{names}, {GENERATED_IN_WORDS}, or the path of a YAML or xlsx file",
        suggestion=nearest(name, [*known, *overlays]),
    )


def _read(path: Path) -> Document:
    """Read a file in the form that its suffix names; amounts of levers become yuan."""
    document = _as_written(path)
    if "levers" in document.data:
        document.data["levers"] = with_amounts(document.data["levers"])
    return document


def _as_written(path: Path) -> Document:
    shown = _shown(path)
    return read_workbook(path, FORM, shown) if path.suffix == WORKBOOK else read_yaml(path, shown)


def amounts_of(path: str | Path) -> list[AmountRead]:
    """List the amounts of a scenario file that are written as 80亿元, and the yuan that were read."""
    return amounts_in(_as_written(Path(path)).data.get("levers"))


def _load_file(path: Path, above: tuple[Path, ...]) -> Scenario:
    """Load one file on top of what it names; ``above`` are the files that asked for it."""
    document = _read(path)
    own = dict(document.data)
    resolved = path.resolve()
    if resolved in above:
        raise document.places.error(("base",), "the scenario is its own base", allowed="another scenario")
    lower: dict[str, Any] = {}
    base = own.get("base")
    if isinstance(base, str):
        lower = _load_base(base, document, path, (*above, resolved)).model_dump()
        lower.pop("overlays")
    own.setdefault("name", name_from_file(path))
    # What stands in the file is refused at its own place, and not for the titles that are taken from it.
    words = (own.get(field) for field in ("title_en", "title_zh", "name"))
    title = next((word for word in words if isinstance(word, str) and word), name_from_file(path))
    own = {"title_en": title, "title_zh": title, **own}
    _resolve_paths(own, path.parent)
    overlays = own.get("overlays", [])
    if isinstance(overlays, list) and overlays and lower:
        scenario = Scenario.model_validate(lower)
        for position, overlay in enumerate(overlays):
            if not isinstance(overlay, str):
                break  # refused below, with its place
            scenario = _lay(scenario, _layer(overlay, path.parent, document, ("overlays", str(position))))
        lower = scenario.model_dump()
    elif isinstance(overlays, list) and overlays:
        raise document.places.error(
            ("overlays",), "overlays need a base to lie on", allowed="base: NAME as well"
        )
    _refuse_keep_of_nothing(own, lower, document)
    # Titles and note belong to the file itself and are not handed down.
    for field in ("name", "title_en", "title_zh", "note"):
        lower.pop(field, None)
    try:
        scenario = laid_over(lower, own, document.places)
    except InputError as error:
        raise_all(_with_migration(error, document, path))
        raise
    _refuse_parts_of_no_whole(own, document)
    return scenario


def _with_migration(error: InputError, document: Document, path: Path) -> list[InputError]:
    """Point from what an older version let stand to the command that changes it."""
    old = [".".join(change.where) for change in changes_in(document.data)]
    command = f"`shaanxi-transfer migrate {path}`"
    return [
        InputError(
            one.problem,
            key=one.key,
            file=one.file,
            line=one.line,
            column=one.column,
            allowed=one.allowed,
            suggestion=command if any(key.startswith(str(one.key)) for key in old) else one.suggestion,
        )
        for one in problems_of(error)
    ]


def _refuse_parts_of_no_whole(own: dict[str, Any], document: Document) -> None:
    """Refuse shares that a file states and that are no whole.

    A file that states every parameter is a future written down, whose shares are weights as drawn.
    """
    stated = own.get("parameters") or {}
    if set(stated) >= {name for name, one in shared_parameters().items() if one.distribution != "fixed"}:
        return
    for called, whole in sums_of_wholes(stated).items():
        last = [name for name in stated if name in WHOLES[called]][-1]
        allowed = f"a sum of 1: {', '.join(WHOLES[called])}"
        problem = f"{called} sum to {whole:g}"
        raise document.places.error(("parameters", last), problem, allowed=allowed)


def _refuse_keep_of_nothing(own: dict[str, Any], lower: dict[str, Any], document: Document) -> None:
    choices = own.get("levers")
    for selector, choice in choices.items() if isinstance(choices, dict) and not lower else ():
        if choice == KEEP:
            raise document.places.error(
                ("levers", selector),
                "there is no base of which to keep anything",
                allowed="base: NAME as well",
            )


def _load_base(base: str, document: Document, path: Path, above: tuple[Path, ...]) -> Scenario:
    with _refused_at(document, ("base",)):
        if base not in list_scenarios():  # a file that is wrong inside is told at its own place
            known = [*list_scenarios(), *list_overlays(), *_generated(base)]
            _find(base, NAMED_FOLDER, known, "scenario", path.parent)
    return _load_named(base, path.parent, above)


def _generated(name: str) -> list[str]:
    return [name] if canonical_generated(name) is not None else []


@contextmanager
def _refused_at(document: Document | None, where: tuple[str, ...]) -> Iterator[None]:
    """Tell an unknown name at the entry that holds it."""
    try:
        yield
    except InputError as error:
        if document is None:
            raise
        raise document.places.error(
            where, error.problem, allowed=error.allowed, suggestion=error.suggestion
        ) from error


def _layer(
    name: str,
    relative_to: Path | None = None,
    asked_by: Document | None = None,
    where: tuple[str, ...] = (),
) -> Layer:
    """Find an overlay by name or path, for a file that names it if there is one."""
    generated = canonical_generated(name)
    if generated is not None:
        document = Document(generated_overlay(generated), Places(f"overlay {generated}"))
        return Layer(generated, document, Path())
    with _refused_at(asked_by, where):
        path = _find(name, OVERLAY_FOLDER, list_overlays(), "overlay", relative_to)
    return Layer(path.stem if name in list_overlays() else readable(name), _read(path), path.parent)


def _lay(scenario: Scenario, layer: Layer) -> Scenario:
    """Lay one overlay over a scenario."""
    document = layer.document
    own = dict(document.data)
    for key in ("name", "base", "overlays"):
        if key in own:
            raise document.places.error(
                (key,), "an overlay has none", allowed="the scenario it is laid over", at_key=True
            )
    _resolve_paths(own, layer.folder)
    stem = name_from_file(layer.name)
    for field in ("title_en", "title_zh"):
        title = own.get(field, stem)
        own[field] = f"{getattr(scenario, field)}, {title}" if isinstance(title, str) else title
    note = own.get("note", "")
    own["note"] = f"{scenario.note} {note}".strip() if isinstance(note, str) else note
    own["name"] = joined_names(scenario.name, stem)
    own["overlays"] = [*scenario.overlays, layer.name]
    laid = laid_over(scenario.model_dump(), own, document.places)
    _refuse_parts_of_no_whole(own, document)
    return laid


def _resolve_paths(own: dict[str, Any], folder: Path) -> None:
    """Read relative paths inside a file relative to the file, not to the working folder."""
    outside = own.get("outside")
    if isinstance(outside, dict) and isinstance(outside.get("file"), str):
        own["outside"] = {**outside, "file": str((folder / outside["file"]).resolve())}
    province = own.get("province")
    if isinstance(province, str) and any(sign in province for sign in "/\\"):
        own["province"] = str((folder / province).resolve())


def _shown(path: Path) -> str:
    """Name a file of the package by its place inside it, any other as the user wrote it."""
    inside = path.is_relative_to(SCENARIOS)
    return f"scenarios/{path.relative_to(SCENARIOS).as_posix()}" if inside else str(path)


def check(path: str | Path) -> tuple[InputError, ...]:
    """Find every problem of a scenario file, a parameter file or the folder of a pack.

    Parameters
    ----------
    path : str or Path
        A file of parameters is known by its entries' key ``distribution``.

    Returns
    -------
    tuple of InputError
        Empty if all is well.
    """
    file = Path(path)
    try:
        if file.is_dir():
            return tuple(kind_problems(load_pack(file)))
        if holds_parameters(file):
            parameters_in(read_yaml(file))
        else:
            load(str(path))
    except InputError as error:
        return problems_of(error)
    return ()


def refused_in(given: object, error: InputError) -> InputError:
    """Tell what is refused of a scenario, known by its key, at its place in the file that was given."""
    if not isinstance(given, (str, Path)) or not Path(given).is_file():
        return error
    document = _read(Path(given))
    where = tuple((error.key or "").split("."))
    return document.places.error(where, error.problem, allowed=error.allowed, suggestion=error.suggestion)


def holds_parameters(file: Path) -> bool:
    """Tell a file of parameters, whose entries have a ``distribution``, from a scenario."""
    if not file.is_file() or file.suffix == WORKBOOK:
        return False
    entries = read_yaml(file).data.values()
    return any(isinstance(entry, dict) and "distribution" in entry for entry in entries)
