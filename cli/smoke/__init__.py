"""Puts a deployed stack to work on small repositories, and reads from its records which paths ran."""
