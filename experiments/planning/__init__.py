"""What is to be run: the door to the model, definitions, planned runs, checks, factors."""
