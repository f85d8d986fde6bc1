"""Circulation: counts every view of an article exactly once, and carries the articles to readers.

A room holds its rules, what it keeps and its use cases, and knows the rooms below it. The README's
room table says where a line of code belongs.
"""
