"""Pictures as files: DOT, Graphviz, svg. Must not move anything."""
