"""A handler that does nothing: what Python and Lambda's runtime cost alone."""


def handler(_event: object, _context: object) -> dict[str, int]:
    """Answer."""
    return {"statusCode": 200}
