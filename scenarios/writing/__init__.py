"""From a scenario to a file: YAML or workbook, and what tells two scenarios apart."""
