"""What every number rests on, and what hangs on it."""
