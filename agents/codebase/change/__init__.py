"""Which documented statements a change touches: two versions of a repository are compared, without a model."""
