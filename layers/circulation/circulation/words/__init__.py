"""The words that readers see, a module a language."""
