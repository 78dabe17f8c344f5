"""What the structure reader promises for each language and format."""
