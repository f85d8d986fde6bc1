"""The command `circulation`: one module for each subcommand."""
