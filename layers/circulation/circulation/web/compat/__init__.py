"""The protocols of other counters, so that their scripts keep working."""
