"""An experiment of an older version: whether its rules still hold, its scenarios as today, its command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engine.errors import InputError
from .keeping.manifest import hash_of_code
from .keeping.store import MANIFEST, Store
from .listing.again_command import again_command
from .planning.code_of_numbers import MADE_OF
from .running.batch import resume_command

if TYPE_CHECKING:
    from ..scenarios import Scenario
    from ..scenarios.migrating.steps import Change

__all__ = ["OldExperiment", "old_experiment"]


@dataclass(frozen=True)
class OldExperiment:
    """What an experiment of an older version is worth today.

    Attributes
    ----------
    manifest : mapping
        With the contents of its scenarios as this version has them.
    version : str
        That began it.
    same_rules : bool
        Whether the code behind its numbers is still that of this version.
    changes : dict of str to list of Change
        What was changed in the contents of each scenario.
    own : dict of str to Scenario
        Scenarios that no command names, by name; they are written as files.
    again : str
        Command that makes it again; empty where files have to be written first, or none has words for it.
    """

    manifest: Mapping[str, Any]
    version: str
    same_rules: bool
    changes: dict[str, list[Change]]
    own: dict[str, Scenario]
    again: str

    def write(self, folder: Path) -> list[Path]:
        """Write its own scenarios as files into a new folder."""
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise InputError(
                f"the folder cannot be made ({error.strerror})",
                key="--out",
                file=folder,
                allowed="the name of a new folder",
            ) from error
        return [one.save(folder / f"{name}.yaml") for name, one in self.own.items()]

    def command_with(self, folder: Path) -> str:
        """Give the command that makes a forecast again with the files in a folder; empty for another kind."""
        identity = self.manifest["identity"]
        if identity["kind"] != "forecast":
            return ""
        names = [f"{folder / name}.yaml" if name in self.own else name for name in identity["scenarios"]]
        first, *others = names
        words = ["shaanxi-transfer forecast", first]
        words += [word for one in others[:-1] for word in ("--also", one)]
        words += ["--against", others[-1]] if others else []
        words += [word for name in ("runs", "scale", "seed") for word in (f"--{name}", str(identity[name]))]
        return " ".join(words)


def old_experiment(folder: Path) -> OldExperiment:
    """Read the manifest of an experiment of any version; nothing is written.

    Raises
    ------
    InputError
        If it is damaged, or holds a scenario that no step brings to what this version takes.
    """
    from ..scenarios import comes_with_the_package
    from ..scenarios.migrating.steps import changed, changes_in
    from ..scenarios.reading.refusals import Places
    from ..scenarios.scenario import laid_over

    manifest = Store(folder).manifest()
    identity = manifest["identity"]
    changes: dict[str, list[Change]] = {}
    worlds: dict[str, Scenario] = {}
    for name, entry in identity["scenarios"].items():
        if found := changes_in(entry["contents"]):
            changes[name] = found
        worlds[name] = laid_over({}, changed(entry["contents"]), Places(str(folder / MANIFEST)))
    scenarios = {
        name: {**identity["scenarios"][name], "contents": world.model_dump(mode="json")}
        for name, world in worlds.items()
    }
    today = {**manifest, "identity": {**identity, "scenarios": scenarios}}
    kind = str(identity["kind"])
    again = again_command(today, folder)
    named = again != resume_command(folder)
    return OldExperiment(
        today,
        str(manifest["versions"].get("shaanxi-transfer", "–")),
        kind in MADE_OF and identity["code"] == hash_of_code(kind),
        changes,
        {} if named else {name: one for name, one in worlds.items() if not comes_with_the_package(name)},
        again if named else "",
    )
