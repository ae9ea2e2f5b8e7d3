"""Fits of all provinces in turn, from one bank of runs each."""
