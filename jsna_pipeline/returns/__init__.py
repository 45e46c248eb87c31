"""Local returns: person-level files of an authority and its partners, from delivery to protected records.

Here: opening what was delivered, reading, checking, pseudonymising and keeping it. Not here: counts and
reports made of the records (`local/`), their protection (`disclosure/`), or published files (`readers/`).
"""
