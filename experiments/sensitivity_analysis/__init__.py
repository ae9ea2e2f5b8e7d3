"""What moves the targets: the design, its guard, its indices."""
