"""The metrics of the language, worked out over regions without unrolling them. Must not print."""
