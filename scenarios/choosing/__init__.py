"""What can be chosen: levers and tasks of the plan, dated paths, adjustments, overlays by name."""
