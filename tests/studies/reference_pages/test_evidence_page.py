"""The page of the ledger of evidence, from a table made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from shaanxi_transfer.studies.reference_pages.evidence_page import FILES, page


def test_the_page_tells_every_entry_once(made_evidence: Any, tmp_path: Path) -> None:
    table = made_evidence.table
    table.assign(asked=700, runs=700, scale=0.1, seed=1).to_csv(tmp_path / FILES[0], index=False)
    text = page(pd.read_csv(tmp_path / FILES[0]))
    rows = [line for line in text.splitlines() if line.startswith("| ") and "`" in line]
    assert len(rows) == len(table)
    assert all(sum(f"`{name}`" in line for line in rows) == 1 for name in table["name"])
    for word in (" nan", "nan]", "<NA>", "None |", "inf "):
        assert word not in text
