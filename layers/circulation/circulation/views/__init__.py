"""Views: one hit, whether it counts and whose it is."""
