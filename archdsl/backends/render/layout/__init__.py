"""Where everything in a picture is. Must not know regions."""
