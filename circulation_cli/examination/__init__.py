"""The examination of a stack: facts are gathered without changing any, and rules judge them."""
