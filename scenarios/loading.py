"""Find a scenario by name or path, lay base and overlays over each other, and check the whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..engine.errors import InputError, nearest
from .catalogue import NAMED_FOLDER, OVERLAY_FOLDER, list_overlays, list_scenarios
from .choices import merged
from .packs import load_pack
from .parameter_draws import parameters_in
from .reading import Document, read_yaml
from .refusals import problems_of
from .scenario import Scenario, validated

__all__ = ["check", "load", "scenario_file"]


def load(name_or_path: str | Path | Scenario) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    name_or_path : str, Path or Scenario
        A name of `list_scenarios`, the path of a YAML file, or either with overlays
        laid over it: ``"action_plan+stationary"``. A scenario is given back as it is.

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
    """
    if isinstance(name_or_path, Scenario):
        return name_or_path
    text = str(name_or_path)
    if not Path(text).is_file() and "+" in text:
        first, *rest = text.split("+")
        scenario = load(first)
        for overlay in rest:
            scenario = _lay_named(scenario, overlay.strip(), relative_to=None, asked_by=None)
        return scenario
    return _load_file(scenario_file(text), ())


def scenario_file(name_or_path: str) -> Path:
    """Find the file of a scenario; the named ones come first."""
    return _find(name_or_path, NAMED_FOLDER, list_scenarios(), "scenario")


def _find(name: str, folder: Path, known: list[str], what: str, relative_to: Path | None = None) -> Path:
    if name in known:
        return folder / f"{name}.yaml"
    path = Path(name) if relative_to is None else relative_to / name
    if path.is_file():
        return path
    if path.suffix in (".yaml", ".yml") or "/" in name or "\\" in name:
        raise InputError(f"the file {path} does not exist", key=what)
    raise InputError(
        f"there is no {what} {name!r}",
        key=what,
        allowed=f"{', '.join(known)}, or the path of a YAML file",
        suggestion=nearest(name, known),
    )


def _load_file(path: Path, above: tuple[Path, ...]) -> Scenario:
    """Load one file on top of what it names; ``above`` are the files that asked for it."""
    document = read_yaml(path, _shown(path))
    own = dict(document.data)
    resolved = path.resolve()
    if resolved in above:
        raise document.places.error(("base",), "the scenario is its own base", allowed="another scenario")
    lower: dict[str, Any] = {}
    base = own.get("base")
    if isinstance(base, str):
        lower = _load_base(base, document, path, (*above, resolved)).model_dump()
        lower.pop("overlays")
    own.setdefault("name", path.stem)
    titles = [own[field] for field in ("title_en", "title_zh", "name") if isinstance(own.get(field), str)]
    own = {"title_en": (titles or [path.stem])[0], "title_zh": (titles or [path.stem])[0], **own}
    _resolve_paths(own, path.parent)
    overlays = own.get("overlays", [])
    if isinstance(overlays, list) and overlays and lower:
        scenario = Scenario.model_validate(lower)
        for position, overlay in enumerate(overlays):
            if not isinstance(overlay, str):
                break  # refused below, with its place
            asked_by = (document, ("overlays", str(position)))
            scenario = _lay_named(scenario, overlay, relative_to=path.parent, asked_by=asked_by)
        lower = scenario.model_dump()
    elif isinstance(overlays, list) and overlays:
        raise document.places.error(
            ("overlays",), "overlays need a base to lie on", allowed="base: NAME as well"
        )
    # Titles and note belong to the file itself and are not handed down.
    for field in ("name", "title_en", "title_zh", "note"):
        lower.pop(field, None)
    return validated(merged(lower, own), document.places)


def _load_base(base: str, document: Document, path: Path, above: tuple[Path, ...]) -> Scenario:
    try:
        found = _find(base, NAMED_FOLDER, list_scenarios(), "scenario", path.parent)
    except InputError as error:
        raise document.places.error(
            ("base",), error.problem, allowed=error.allowed, suggestion=error.suggestion
        ) from error
    return _load_file(found, above)


def _lay_named(
    scenario: Scenario,
    overlay: str,
    *,
    relative_to: Path | None,
    asked_by: tuple[Document, tuple[str, ...]] | None,
) -> Scenario:
    """Lay one overlay over a scenario."""
    try:
        path = _find(overlay, OVERLAY_FOLDER, list_overlays(), "overlay", relative_to)
    except InputError as error:
        if asked_by is None:
            raise
        raise asked_by[0].places.error(
            asked_by[1], error.problem, allowed=error.allowed, suggestion=error.suggestion
        ) from error
    document = read_yaml(path, _shown(path))
    own = dict(document.data)
    for key in ("name", "base", "overlays"):
        if key in own:
            raise document.places.error(
                (key,), "an overlay has none", allowed="the scenario it is laid over", at_key=True
            )
    _resolve_paths(own, path.parent)
    for field in ("title_en", "title_zh"):
        title = own.get(field, path.stem)
        own[field] = f"{getattr(scenario, field)}, {title}" if isinstance(title, str) else title
    note = own.get("note", "")
    own["note"] = f"{scenario.note} {note}".strip() if isinstance(note, str) else note
    own["name"] = f"{scenario.name}+{path.stem}"
    own["overlays"] = [*scenario.overlays, path.stem]
    return validated(merged(scenario.model_dump(), own), document.places)


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
    package = Path(__file__).parent
    return f"scenarios/{path.relative_to(package).as_posix()}" if path.is_relative_to(package) else str(path)


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
            load_pack(file)
        elif file.is_file() and _holds_parameters(document := read_yaml(file)):
            parameters_in(document)
        else:
            load(str(path))
    except InputError as error:
        return problems_of(error)
    return ()


def _holds_parameters(document: Document) -> bool:
    return any(isinstance(entry, dict) and "distribution" in entry for entry in document.data.values())
