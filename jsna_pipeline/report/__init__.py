"""The report: a frozen view of one area and edition, and the renderers that only format it."""
