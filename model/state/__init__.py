"""What a province is made of: calendar, outside, space, parameters, levers in force, first populations."""
