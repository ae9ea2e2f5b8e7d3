"""One page with sliders that needs no network: an emulator, its words, and what evaluates it."""
