"""Statistics: what editors read of an article's views."""
