"""Reverse questions: the batch that fits, the parameter that satisfies a condition, the time on a device. Must not print."""
