"""The door itself: a table of commands whose modules are read only when they are asked for, and one way to end."""

import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

import typer
from typer.core import TyperGroup

from tellfirst.stopping import Exit, Stopped, explain, stop

COMMANDS: Mapping[str, Mapping[str, str]] = {
    "See it work": {
        "demo": "The main job on packaged events; nothing leaves this machine.",
        "simulate": "One run of the simulator, with crashes, repeats and disorder.",
    },
    "Write rules": {
        "init": "A project folder that runs as it is, to begin with.",
        "rules": "Check, test, list, explain, schema; publish, pause, release, withdraw.",
        "events": "Validate, send, replay or generate events.",
    },
    "Run it": {
        "run": "Read events and tell customers, until stopped.",
        "silence": "Ask for silence for a while.",
        "kafka": "Make the topics that events come by; see how far behind we are.",
        "backup": "A copy of the store in one file, also while it is written.",
        "recover": "After a copy was put back: who was told what since.",
        "upgrade": "The store at the version of this tellfirst, before it runs.",
        "doctor": "What is wrong with this installation and this project.",
    },
    "Look": {
        "why": "The story of one case or one customer: what was seen, decided and said.",
        "stats": "Counts of events, problems, notices and promises.",
        "promises": "What was promised, and what became of it.",
        "notify": "What was sent and what would be, as the customer sees it.",
        "dlq": "Dead letters, and why they are; take them in again, or discard them.",
        "export": "Problems, notices, promises, attempts, dead letters or cases as JSON Lines.",
    },
}
HELP = {name: text for room in COMMANDS.values() for name, text in room.items()}


def group() -> typer.Typer:
    """Return a command of several words, a module's `app`; the table says what it is for."""
    return typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


class FrontDoor(TyperGroup):
    """The group of all commands. Whatever a command raises that people can mend ends as lines on stderr and an exit code."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = dict.fromkeys(HELP)  # type: ignore[assignment]

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.commands)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands:
            return None
        command = _command(import_module(f"tellfirst.cli.{cmd_name}"), cmd_name)
        command.name, command.help = cmd_name, command.help or HELP[cmd_name]
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        for room, commands in COMMANDS.items():
            with formatter.section(room):
                formatter.write_dl(list(commands.items()), col_max=12)

    def invoke(self, ctx: Any) -> Any:
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _close_the_pipe()
            raise typer.Exit(Exit.OK) from None
        except KeyboardInterrupt:
            typer.echo("interrupted; what was committed is kept", err=True)
            raise typer.Exit(Exit.INTERRUPTED) from None
        except Exception as error:  # noqa: BLE001 - what nobody can explain goes on as it is
            if (stopped := _misplaced(error) or explain(error)) is None:
                raise
            for line in stopped.lines:
                typer.echo(line, err=True)
            raise typer.Exit(stopped.code) from None
        return answer


def _command(module: ModuleType, name: str) -> Any:
    """Return the command of a module: its `app`, or else its function of this name."""
    app = getattr(module, "app", None)
    if app is None:
        app = group()
        app.command()(getattr(module, name))
    return typer.main.get_command(app)


def _misplaced(error: Exception) -> Stopped | None:
    """Return what to say of a --project behind its command, where that option is not known."""
    if getattr(error, "option_name", None) != "--project":
        return None
    return stop(Exit.USAGE, "--project", "stands before the command", "write tellfirst --project DIR COMMAND")


def _close_the_pipe() -> None:
    """The reader has had enough: leave nothing that the interpreter would try to write at its end."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
