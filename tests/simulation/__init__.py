"""The counters in worlds in which everything goes wrong.

Mutants take one rule of the counters away, wherever it stands: they alone may patch private names.
"""
