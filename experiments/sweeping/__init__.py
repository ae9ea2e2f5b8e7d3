"""Levers at many levels at once: which points, and what each changes against the base."""
