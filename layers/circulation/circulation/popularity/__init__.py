"""Popularity: the most read articles, and the whole site's totals."""
