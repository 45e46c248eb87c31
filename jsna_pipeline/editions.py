"""What an edition is called: a year, `2025`, or a correction of it, `2025.1`.

Here: reading such a name, and the order of editions. Not here: which editions there are (`sources/folder.py`,
`assets/partitions.py`).
"""

from __future__ import annotations

import re

EDITION = r"[0-9]{4}(\.[1-9][0-9]{0,2})?"


def year_and_number(edition: str) -> tuple[int, int]:
    """Year and number: "2025" is (2025, 0), its first correction "2025.1" is (2025, 1); in the order of editions.

    Raises ValueError for any other text.
    """
    year, _, number = edition.partition(".")
    if not re.fullmatch(EDITION, edition):
        raise ValueError(f"an edition is a year or a correction such as 2025.1, not {edition!r}")
    return int(year), int(number or 0)
