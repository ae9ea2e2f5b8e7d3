"""Forecasts put down in advance, read back, and held against what came."""
