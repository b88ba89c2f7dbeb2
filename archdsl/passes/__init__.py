"""Syntax tree to checked IR, one named pass after another. Must not know any target."""
