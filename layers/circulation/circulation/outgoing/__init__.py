"""Outgoing requests: which addresses on the Internet may be requested."""
