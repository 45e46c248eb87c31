"""One module per published format: a file's bytes in, a typed table out."""
