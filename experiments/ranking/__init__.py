"""Which tasks, projects or levers of a plan do most, alone and in the plan, at what cost."""
