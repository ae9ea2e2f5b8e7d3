"""An emulator of a scenario's levers: its design, its runs, its fit, what it misses on unseen runs."""
