"""How the synthetic files are made: an imaginary England, counted and written as each publisher would.

`country` draws the authorities and what is hidden behind their figures; `figures` counts, rounds and
lays out; `writing` turns tables into files whose bytes do not depend on the clock. The other modules
are one per publication or publisher and share nothing but these three. Not here: any real figure
beyond magnitudes at two significant digits (`magnitudes.csv`).
"""
