"""The commands of the command line, a file each, and what they refuse by themselves."""
