"""The moto server and the repairs that make it answer as AWS does."""
