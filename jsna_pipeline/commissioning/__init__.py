"""Joint commissioning: what exists, what is proposed, what has to be decided, and in which order to look."""
