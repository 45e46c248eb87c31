"""The embedded default input: synthetic files in the published formats, and the generator that wrote them.

Here: `<edition>/<publication>/` with files as a publisher would name them, an origin note in each
folder, `generate.py` which rewrites all of them, and `generator/` with one module per publisher.
Not here: real published figures (they belong in a landing folder), and readers of these files
(`jsna_pipeline.readers`, which must not know whether a file is synthetic).
"""
