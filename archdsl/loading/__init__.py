"""Files that import files. Must not elaborate."""
