"""The contract: docs/openapi.yaml, from which docs/api.md and the answered document are written."""
