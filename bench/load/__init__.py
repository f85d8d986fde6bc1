"""A load run: readers and publishers against the local stack while its parts are killed.

What was acknowledged is written down by those who were answered, and compared with what the stack
shows when the run is over.
"""
