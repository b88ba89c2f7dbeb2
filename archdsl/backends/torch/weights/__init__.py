"""Weights from files into modules: they fit, by their names or by a name map, or are refused. Must not run what a file says."""
