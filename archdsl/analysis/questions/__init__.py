"""Questions turned round: the batch that fits, the parameter that keeps a condition, the time on a device. Must not print."""
