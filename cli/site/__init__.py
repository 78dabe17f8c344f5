"""Reads a finished site: its index, its pages, its source lines; searches it, and answers questions from it."""
