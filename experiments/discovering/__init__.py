"""In which futures a conclusion of a forecast does not hold, as boxes in plain words."""
