"""Articles: their fields, listings and editions, how they are published and how they are found."""
