"""The dedicated schools grant: core tables of the Department for Education's allocations.

Here: the money allocated to each authority by block and year. Not here: what was spent (the interactive tool,
`schemas/lait.py`) or whether the grant is in deficit, which no national file in use says.
"""

from __future__ import annotations

from jsna_pipeline.schemas.base import CoreTable, number


class GrantTotals(CoreTable):
    """The whole dedicated schools grant of a financial year, before recoupment for academies."""

    total: float = number(
        "Dedicated schools grant allocated, all blocks",
        published_as=["Total DSG allocation (£s)"],
        unit="pounds",
        ge=0,
    )


class GrantBlocks(CoreTable):
    """The blocks of the dedicated schools grant, before and after what is paid without passing the authority."""

    schools: float = number("Schools block before deductions", published_as=["Schools block (£s)"], unit="pounds", ge=0)
    high_needs: float = number(
        "High needs block before deductions", published_as=["High needs block (£s)"], unit="pounds", ge=0
    )
    early_years: float = number("Early years block", published_as=["Early years block (£s)"], unit="pounds", ge=0)
    total: float = number(
        "Dedicated schools grant before deductions, all blocks",
        published_as=["Total DSG allocation (£s)"],
        unit="pounds",
        ge=0,
    )
    high_needs_deducted: float = number(
        "High needs block after places that the Department pays directly",
        published_as=["High needs block allocation (£s)"],
        unit="pounds",
        ge=0,
    )
    import_export: float = number(
        "Added for pupils from elsewhere (+) or taken for pupils who go elsewhere (-)",
        published_as=["Import/export adjustment"],
        unit="pounds",
    )
