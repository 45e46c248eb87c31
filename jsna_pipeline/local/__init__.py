"""What is counted of the local returns: who belongs to a population, which tables are made of it, and how.

Here: populations joined from record tables, their counts, waits and amounts, and their agreement with published
figures. Not here: reading or checking a return (`returns/`), the tables themselves, which are reviewed records
(`catalogue/local_tables`), and what of a count may be printed (`disclosure/`).

Nothing made here may be published before it has passed `disclosure`.
"""
