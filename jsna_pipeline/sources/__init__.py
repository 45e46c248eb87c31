"""Where published files come from, and the record kept of each."""
