"""The needs-assessment library: plain functions on DataFrames and frozen records, usable in a notebook."""
