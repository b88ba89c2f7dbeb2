"""The one formatting of a text. Must not change what it means."""
