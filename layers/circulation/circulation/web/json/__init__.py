"""The JSON that the API takes and answers."""
