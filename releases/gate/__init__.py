"""What a release must show before it is promoted."""
