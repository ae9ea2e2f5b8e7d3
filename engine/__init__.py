"""The ground: columns, ledgers, books, luck, the rule decorator, units, errors. Knows no province."""
