"""HTTP: Lambda events of an HTTP API, and the answers to them."""
