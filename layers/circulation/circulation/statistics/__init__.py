"""Statistics: an article's views as editors see them."""
