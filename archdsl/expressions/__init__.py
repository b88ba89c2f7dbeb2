"""Expressions: exact arithmetic, names, functions. Must not run statements."""
