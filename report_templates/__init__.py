"""Templates, style sheets and fonts of the report, read through `importlib.resources`.

Here: markup and styling only. Not here: any calculation; what is printed is already in the frozen
`jsna_pipeline.report.model.Report`.
"""
