"""Counting: the ledger's lines, their sums in the day book, and lifetime counts."""
