"""Generators and checks that are no part of the product."""
