"""The tool that breaks rules: each kind of change is drawn, and stands where it says."""

from __future__ import annotations

import ast
from pathlib import Path

from shaanxi_transfer.studies.upkeep.mutants import mutants_of

FILE = '''"""A rule file with one place of each kind: 1 < 2 stays."""
SHARE: Final = 0.5
_FUND: Final = SECTOR["fund"]
_BANK: Final = SECTOR["bank"]

def rule(firm, ä):
    if not firm.large and firm.age >= 20:
        firm.cash -= min(a, b) * c
    pay(purse, _FUND)
'''
CHANGES = {
    ("0.5", "0.55"), ("not firm.large and firm.age >= 20", "(not firm.large)"),
    ("not firm.large and firm.age >= 20", "(firm.age >= 20)"), ("not firm.large", "(firm.large)"),
    ("firm.age >= 20", "(firm.age < 20)"), ("20", "22"),
    ("firm.cash -= min(a, b) * c", "firm.cash += min(a, b) * c"),
    ("min(a, b) * c", "((min(a, b)) / (c))"), ("min(a, b)", "max(a, b)"),
    ("pay(purse, _FUND)", "pay(_FUND, purse)"),
    ("_FUND", "_BANK"),
}  # fmt: skip


def test_every_kind_of_change_is_drawn_and_stays_python(tmp_path: Path) -> None:
    file = tmp_path / "rule.py"
    file.write_text(FILE, encoding="utf-8")
    raw = file.read_bytes()
    found = list(mutants_of(file))
    assert {(mutant.before, mutant.after) for mutant in found} == CHANGES and len(found) == len(CHANGES)
    for mutant in found:
        assert raw[mutant.start : mutant.end].decode() == mutant.before
        ast.parse(raw[: mutant.start] + mutant.after.encode() + raw[mutant.end :])
