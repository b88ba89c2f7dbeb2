"""Checks in addition to elaboration: circles, uncalled definitions, suspects, accepted sizes. Must not change a network."""
