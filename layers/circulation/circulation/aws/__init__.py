"""AWS: the only room that calls it."""
