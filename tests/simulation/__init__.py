"""The counters in worlds in which everything goes wrong.

Mutants take one rule away, wherever it stands: they alone may patch private names.
"""
