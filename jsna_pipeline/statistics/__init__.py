"""The statistical methods of the assessment: one module per family, each function naming its source.

Here: pure functions on arrays (numpy and scipy), vectorised, where a missing input gives a missing
result. Not here: which method an indicator takes (the catalogue says), reading or joining tables (the
indicator engine), disclosure control, and the formatting of numbers for people.
"""
