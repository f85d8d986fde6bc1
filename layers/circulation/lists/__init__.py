"""The lists of others that the package carries as data, and how they are refreshed."""
