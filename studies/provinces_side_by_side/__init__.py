"""The provinces beside each other: tables, figure, page."""
