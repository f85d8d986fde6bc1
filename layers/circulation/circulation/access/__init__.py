"""Access: the publishers' tokens and what each is good for."""
