"""Circulation: counts every view of an article exactly once, and carries the articles to readers.

Nouns know (pure rules, standard library only), gerunds do (use cases over a store), packages touch
the outside (store, feeds, web, markup). The README's room table says where a line of code belongs.
"""
