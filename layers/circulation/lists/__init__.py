"""Refreshing of the third-party lists that the package has as data."""
