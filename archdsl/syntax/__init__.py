"""Text to syntax tree and back. Must not know shapes, operators or what a program means."""
