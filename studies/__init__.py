"""What remakes committed evidence: pages, tables, posteriors; called by `make`, not in the wheel."""
