"""Patterns of the observed world that the model is held against."""
