"""Published effects found again in the simulated province: the estimators that studies use."""
