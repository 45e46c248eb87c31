"""Statistical disclosure control: no printed figure, nor all of them together, reveals a child.

Here: everything between exact counts and printable ones. `protect.protect` is the one entrance. `cells` turns
all tables into one set of linked cells, `primary` finds what may not be known, `secondary` chooses what else must
stay unprinted, `rounding` prints, `attack` tries to undo all of it as an outsider would, `statistics` treats
medians and sums, `log` writes down what was done. Not here: counting (`local/`), rates, which are computed later
and only from printed cells, and the rules themselves (`catalogue/disclosure/`).

What withstanding means. A count that the rule refuses (1 to 5, say) withstands when two tables of whole numbers
exist that agree with everything printed and known, one with the count at most 1 and one with it at least 5: then
nobody can tell which of the refused values it is. This is the sliding protection level of Fischetti and Salazar
(2000, "Models and algorithms for optimizing cell suppression in tabular data with linear constraints", JASA 95).
"""
