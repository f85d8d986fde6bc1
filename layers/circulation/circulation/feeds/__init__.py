"""The feeds: articles and a channel in, the bytes that a feed reader sees out."""
