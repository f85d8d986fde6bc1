"""Handlers to compare with: each is copied into a deployment of its own and imported there."""
