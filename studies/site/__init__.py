"""The documentation as a site in two languages: what mkdocs asks while it builds (`make docs`)."""
