"""A check of a move: what is imported into a stack, beside a read of the source by other parsers.

`python -m bench.moving_in FOLDER` (docs/moving-in.md, "Checking a move"). Nothing here uses a
parser of the product, nor the product itself but by its command and its public routes, so that it
runs against any version of it.
"""
