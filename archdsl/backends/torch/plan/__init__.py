"""Which classes there are and what each holds. Must not lay out lines."""
