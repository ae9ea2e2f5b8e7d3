"""What lies in a folder of experiments, and how each is made again."""
