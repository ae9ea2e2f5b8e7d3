"""From files to plain entries, each with its place: YAML, CSV, workbooks; and refusals that name it."""
