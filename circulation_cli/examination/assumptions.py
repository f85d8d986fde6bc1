"""Which lines of docs/aws-assumptions.md a stack can answer, by number; a test compares the page.

What is asked in part still has to be asked by hand for the rest.
"""

ASKED = frozenset({1, 3, 4, 5, 6, 9, 11, 14, 15, 21, 22, 23, 24, 35, 36, 38, 45, 48, 50})
"""Answered whenever the stack is one to which they apply, and has had views."""

IN_PART = frozenset({7, 10, 13, 32})
"""7: not that a valid token is let in. 10: not 226. 13: not the last, empty batch. 32: one way."""

ASKED_OF_CANARY = frozenset({16})
"""Answered with `--canary` alone."""

BY_HAND = frozenset(
    {2, 8, 12, 17, 18, 19, 20, 25, 26, 27, 28, 29, 30, 31, 33, 34, 37}
    | {39, 40, 41, 42, 43, 44, 46, 47, 49, 51}
    | {52, 53, 54, 55, 56, 57, 58}
)
"""A stack that is only looked at cannot answer them."""
