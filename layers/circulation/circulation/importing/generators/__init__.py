"""Site generators: which of a site's files are articles, and at which addresses they stand."""
