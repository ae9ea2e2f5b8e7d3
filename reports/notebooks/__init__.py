"""What a notebook shows of each kind of finished experiment: loading a file of it teaches the experiment."""
