"""A made-up year of a newspaper: its articles, their readers, and how both come into a stack."""
