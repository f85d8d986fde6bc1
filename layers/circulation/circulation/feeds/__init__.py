"""The feeds: which articles each one has, and how it is written."""
