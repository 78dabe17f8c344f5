"""Which files of a snapshot a file imports: what the scanner plans by, and what the synthesizer draws."""
