"""docs/aws-assumptions.md: every line whole, with sources, and commands that are commands."""

import re
import subprocess
from pathlib import Path

PAGE = Path("docs/aws-assumptions.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("| ").split(" | ")]
    for line in PAGE.splitlines()
    if re.match(r"\| \d+ \|", line)
]
SOURCE = re.compile(r"\[[^\]]+\]\(https://docs\.aws\.amazon\.com/\S+\.html\)|none found")


def test_the_lines_are_numbered_and_whole() -> None:
    assert [row[0] for row in ROWS] == [str(number) for number in range(1, len(ROWS) + 1)]
    assert len(ROWS) >= 20
    for row in ROWS:
        assert len(row) == 6, row
        assert all(row), row


def test_each_names_where_it_is_relied_on_and_its_source() -> None:
    for _, _, relied_on, source, *_ in ROWS:
        assert re.fullmatch(r"\[[^\]]+\]\([^)]+\)", relied_on)
        assert SOURCE.fullmatch(source), source


def test_the_first_hour_is_a_script_that_names_lines_of_the_table() -> None:
    (script,) = re.findall(r"```sh\n(.*?)```", PAGE, flags=re.DOTALL)
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)
    named = re.findall(r"# ([\d, ]+)", script)
    numbers = {int(number) for line in named for number in re.findall(r"\d+", line)}
    assert len(numbers) > 10
    assert max(numbers) <= len(ROWS)
