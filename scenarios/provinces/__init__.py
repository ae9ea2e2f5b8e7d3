"""What a province brings: its pack and how it is made, its parameters, its posterior."""
