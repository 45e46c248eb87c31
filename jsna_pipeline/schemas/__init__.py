"""Pandera models of the core tables, one module per publisher."""
