"""python -m cli is the command `circulation`."""

from cli.main import circulation

circulation(prog_name="circulation")
