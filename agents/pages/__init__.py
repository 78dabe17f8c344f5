"""Addresses and links of the site's pages."""
