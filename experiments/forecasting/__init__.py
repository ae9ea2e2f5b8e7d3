"""From runs to predictions and their tables."""
