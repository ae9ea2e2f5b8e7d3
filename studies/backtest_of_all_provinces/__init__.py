"""Every province fitted to its past and forecast from there: tables, figure, page."""
