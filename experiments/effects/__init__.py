"""What each lever, mechanism and source of uncertainty moves, and what it costs."""
