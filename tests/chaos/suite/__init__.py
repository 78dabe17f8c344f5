"""The chaos suite: faults at seeded moments of whole local runs, and one check of how each run ends."""
