"""Syntax mistakes: from the token that does not fit to a diagnostic that says what was meant. Must not parse."""
