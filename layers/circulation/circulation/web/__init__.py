"""The web: Lambda events of an HTTP API in, HTTP answers out."""
