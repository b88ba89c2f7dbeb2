"""The metrics of the language, computed over regions without unrolling them. Must not print."""
