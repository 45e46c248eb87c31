"""The Dagster code location: the graph an engineer sees, and the only package that imports dagster."""
