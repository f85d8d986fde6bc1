"""Access: tokens with their scopes, share links, and what each lets see."""
