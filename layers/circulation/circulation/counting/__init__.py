"""Counting: from ledger lines over the day book to the numbers that are shown."""
