"""`swarm check`: two versions of a repository, and what the change between them does to its documentation."""
