"""The generated source executed, compared with the network, filled with weights. Must not print source."""
