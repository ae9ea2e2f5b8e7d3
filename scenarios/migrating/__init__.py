"""Files of older versions, brought to what this version reads."""
