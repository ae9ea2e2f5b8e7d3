"""From one scenario to another, lever by lever."""
