"""Syntax mistakes: from the token that does not fit to a diagnostic that says what is meant. Must not parse."""
