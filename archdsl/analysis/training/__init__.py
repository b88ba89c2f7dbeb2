"""The memory of a training step. Must not count parameters itself."""
