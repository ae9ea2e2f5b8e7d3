"""Why a number is what it is: its parts, and what it would be without a mechanism."""
