"""Records for people: by stage, side by side, what changed, where a number comes from. Must not print."""
