"""What tests compute with, and pages that tests keep fresh. Must not test anything itself."""
