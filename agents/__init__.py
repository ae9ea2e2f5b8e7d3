"""Who decides: one file for each kind of actor, with its columns, its Mesa class and its rules."""
