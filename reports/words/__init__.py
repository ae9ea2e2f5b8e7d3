"""What is said, in Chinese and English."""
