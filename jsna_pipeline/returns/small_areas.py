"""Where a postcode lies: its ward and the authority's own locality, given in the step that drops the postcode.

Here: the comparable form of a postcode, the lookup delivered as the return `small_areas`, and its use on a
table. Not here: counts by ward (`local/`), or the areas of the register (`geography.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from jsna_pipeline.errors import InputError

SMALL_AREAS = "small_areas"
POSTCODE = "postcode"
PLACE_COLUMNS = ("ward_code", "ward", "locality")


@dataclass(frozen=True)
class Coverage:
    """How many rows gave a postcode, and how many of those the lookup knows."""

    given: int
    found: int

    @property
    def share_not_found(self) -> float | None:
        """Percentage of the postcodes given; None where none was."""
        return 100 * (self.given - self.found) / self.given if self.given else None


@dataclass(frozen=True, repr=False)
class SmallAreas:
    """The lookup: one row per postcode with `ward_code`, `ward` and `locality`. It lives in memory alone."""

    lookup: pl.DataFrame

    @classmethod
    def from_table(cls, table: pl.DataFrame) -> SmallAreas:
        """From the checked table of the return `small_areas`; raises InputError for a postcode in two wards."""
        lookup = table.select(normalised(POSTCODE), *PLACE_COLUMNS).drop_nulls(POSTCODE).unique(maintain_order=True)
        twice = lookup.height - lookup[POSTCODE].n_unique()
        if twice:
            raise InputError(
                f"{SMALL_AREAS}: {twice:,} rows place a postcode in a second ward or locality; keep one row for each "
                "postcode."
            )
        return cls(lookup)

    @classmethod
    def none(cls) -> SmallAreas:
        """No lookup was delivered: every postcode is dropped and nothing is placed."""
        return cls(pl.DataFrame(schema=dict.fromkeys((POSTCODE, *PLACE_COLUMNS), pl.String)))

    @property
    def delivered(self) -> bool:
        return not self.lookup.is_empty()

    def place(self, table: pl.DataFrame, column: str = POSTCODE) -> tuple[pl.DataFrame, Coverage]:
        """`table` without `column`, with ward and locality of each row in its place; null where not known.

        A place that the table already states for itself, as a register of establishments does, is kept.
        """
        added = [name for name in PLACE_COLUMNS if name not in table.columns]
        known = self.lookup.select(POSTCODE, *added, _found=pl.lit(True))
        placed = table.with_columns(normalised(column)).join(
            known, left_on=column, right_on=POSTCODE, how="left", maintain_order="left", coalesce=True
        )
        coverage = Coverage(given=placed[column].count(), found=placed["_found"].count())
        return placed.drop(column, "_found"), coverage


def normalised(column: str) -> pl.Expr:
    """Postcodes as they are compared: capitals and digits alone (`wn1 1yn` is `WN11YN`); null where blank."""
    plain = pl.col(column).str.to_uppercase().str.replace_all("[^A-Z0-9]", "")
    return pl.when(plain != "").then(plain).alias(column)
