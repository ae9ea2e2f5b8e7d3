"""Forecasts made in the past: rivals, scores, and the discrepancy they show."""
