"""The contract of the API in OpenAPI 3.1; docs/openapi.yaml is its source."""

from functools import cache
from importlib.resources import files


@cache
def contract() -> bytes:
    """Give the document in JSON."""
    return files("circulation").joinpath("data/openapi.json").read_bytes()
