"""What was asked for, kept as JSON beside what was made of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...engine.errors import InputError
from .atomic_files import write_text


def write_facts(file: Path, facts: Mapping[str, Any]) -> None:
    """Write facts; whole or not at all."""
    write_text(file, json.dumps(facts, indent=1, ensure_ascii=False) + "\n")


def facts_in(file: Path) -> dict[str, Any]:
    """Read facts.

    Raises
    ------
    InputError
        If the file was cut or changed, so that it says no longer what was asked for.
    """
    try:
        facts = json.loads(file.read_bytes())
        if not isinstance(facts, dict):
            raise ValueError
    except ValueError as error:
        raise InputError(
            "the file is damaged and no longer says what was asked for",
            file=file,
            allowed="the file as it was written: the first command again, into the same folder, writes it",
        ) from error
    return facts
