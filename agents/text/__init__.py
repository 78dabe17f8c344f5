"""Makes text from a repository or a model safe to store and show."""
