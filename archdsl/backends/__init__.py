"""Targets that a checked network is lowered to, one package each. Must not import one another."""
