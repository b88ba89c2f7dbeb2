"""Small expressions of the generated file, and how a constant becomes one. Must not know classes."""
