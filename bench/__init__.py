"""The bench: speed and cost, measured beside what a user would write instead (`make bench`).

One module for each figure, with a function measure() that answers with Markdown; results.md keeps
the answers. moving_in compares what a stack makes of a site's archive with the archive, wherever it
is run (`make moving-in`). Nothing here is imported by what is deployed.
"""
