"""The commands of a group, by name."""

import click


def commands_of(group: click.Group) -> dict[str, click.Command]:
    context = click.Context(group)
    named = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in named.items() if command}
