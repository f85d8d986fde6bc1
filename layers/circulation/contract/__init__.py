"""The contract docs/openapi.yaml, from which docs/api.md and the served document are written."""
