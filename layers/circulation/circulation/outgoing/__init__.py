"""Outgoing: what may be asked of the web."""
