"""The document that ``--json`` prints, and its schema."""

from __future__ import annotations

import json
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["MOST_ROWS", "Document", "document_schema"]

MOST_ROWS: Final = 1_000
"""Rows of a table that is printed whole."""

Cell = str | bool | int | float | None


class Document(BaseModel):
    """What came of a command."""

    model_config = ConfigDict(extra="forbid")

    command: list[str] = Field(description="The words of the command.")
    exit_code: int = Field(
        description="0 done, 1 failed runs, 2 refused, 3 done but for a figure, 130 stopped."
    )
    problem: str = Field(description="Why it was refused or failed, in one line; else empty.")
    folder: str | None = Field(description="Folder of the experiment that was made; null if none was.")
    files: list[str] = Field(description="Files in that folder.")
    tables: dict[str, list[dict[str, Cell]]] = Field(
        description="Rows by table: CSV files of the folder by their names, with raw numbers, "
        f"those of more than {MOST_ROWS} rows cut to the targets or left out; else printed_1, printed_2, ... "
        "with the cells that a person would see."
    )
    said: list[str] = Field(description="Lines of text, in the language that is set.")


def document_schema() -> str:
    """Give the JSON Schema of the document as text."""
    return json.dumps(Document.model_json_schema(), indent=2) + "\n"
