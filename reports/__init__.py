"""What a person looks at: figures, tables, the command line, words in Chinese and English."""
