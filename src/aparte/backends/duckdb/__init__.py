"""The facts in DuckDB: a cache of the log that may be deleted at any time."""
