"""python -m circulation_cli is the command `circulation`."""

from circulation_cli.main import circulation

circulation(prog_name="circulation")
