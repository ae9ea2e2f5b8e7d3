"""The province: the Mesa model, its calendar and markets, the quarter on one page, the indicators."""
