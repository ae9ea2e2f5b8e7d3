"""From observed figures to a posterior."""
