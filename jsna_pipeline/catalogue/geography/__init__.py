"""The register of areas as data: `areas.csv`, `spellings.csv`, `successors.csv`; see `ORIGIN.md`.

Here: facts about English upper-tier areas, one row each. Not here: code that reads them
(`jsna_pipeline/geography.py`), boundaries as shapes, statistical neighbours, NHS areas.
"""
