"""What a picture shows: boxes, frames, arrows, captions. Must not know where anything is."""
