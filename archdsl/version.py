"""The version of the package, alone, so that naming it needs nothing else."""

__version__ = "0.1.0"
