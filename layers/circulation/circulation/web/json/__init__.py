"""The JSON that the API reads and writes."""
