"""The generated source executed, and compared with the network. Must not print source."""
