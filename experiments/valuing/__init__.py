"""Which statistic would improve a decision most: expected value of sample information."""
