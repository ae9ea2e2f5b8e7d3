"""Which package of levers reaches goals with a wished chance at the least cost."""
