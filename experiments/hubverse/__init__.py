"""Forecasts in files of the hubverse: those of others are read, a frozen one is written for others."""
