"""The public account of the returns: numbers to the nearest ten."""

import pandas as pd

from jsna_pipeline.local_area import nearest_ten


def test_numbers_that_the_rules_keep_together_are_not_told_apart() -> None:
    exact = pd.Series([0, 1, 4, 5, 7, 14, 15, 1302, None], dtype="Int64")
    assert nearest_ten(exact).tolist() == [0, 10, 10, 10, 10, 10, 20, 1300, pd.NA]
