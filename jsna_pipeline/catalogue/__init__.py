"""Reviewed definitions as data: datasets, indicators, chapters and geography, with their loaders."""
