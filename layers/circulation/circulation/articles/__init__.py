"""Articles: what one is, where it is listed, and how it is published and found."""
