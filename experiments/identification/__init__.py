"""What the observed years can see, and what is recovered from made-up ones."""
