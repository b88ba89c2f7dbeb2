"""Programs by chance: generated networks, mutations of good texts, hostile forms. Must not be imported by the package."""
