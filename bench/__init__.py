"""The bench: speed and cost, measured beside what a user would write instead (`make bench`).

One module for each figure, with a function measure() that answers with Markdown; results.md keeps
the answers. Nothing here is imported by what is deployed.
"""
