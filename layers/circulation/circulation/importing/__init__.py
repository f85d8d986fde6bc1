"""Sources: what other systems give out, read into what a publisher submits."""
