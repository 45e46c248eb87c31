"""Published figures held against one another: shares, totals, repeats, bounds, jumps and second printings.

Here: finding figures that break a rule, and saying by rule why. Not here: correcting a source, which the
pipeline never does, or telling people about it (`report/quality.py`).
"""

from jsna_pipeline.reconciliation.reconcile import reconcile, reconciled_datasets

__all__ = ["reconcile", "reconciled_datasets"]
