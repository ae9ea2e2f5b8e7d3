"""Tables for a person to read."""
