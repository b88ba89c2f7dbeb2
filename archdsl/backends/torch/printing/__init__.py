"""The plans as a Python file. Must not decide what the classes hold."""
