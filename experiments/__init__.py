"""What a researcher does: forecast, compare and the like, over one runner and one store."""
