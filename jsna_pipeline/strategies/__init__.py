"""Whether an area reaches what its strategies set out to reach."""
