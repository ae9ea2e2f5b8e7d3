"""The province: the Mesa model, the calendar, the markets that clear, the quarter on one page, the indicators."""
