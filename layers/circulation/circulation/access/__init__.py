"""Access: the publishers' tokens and their scopes."""
