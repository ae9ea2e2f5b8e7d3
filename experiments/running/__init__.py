"""Batches that always end, on this machine, in shares or on a cluster."""
