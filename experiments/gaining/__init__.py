"""Who gains and who loses: differences by city, kind and size of actor."""
