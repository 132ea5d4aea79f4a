"""The commands. A command's module is imported when the command is called, or shown in the help."""

import os
import sys
from importlib import import_module
from typing import Any

import click
import typer
from typer.core import TyperCommand

COMMANDS = {
    "lint": "lint:lint",
    "generate": "generate:generate",
    "verify": "verify:verify",
    "rehearse": "rehearse:rehearse",
    "diff": "diff:diff",
    "graph": "graph:graph",
    "import": "adopt:adopt",
    "fmt": "fmt:fmt",
    "init": "init:init",
    "explain": "knowledge:explain",
    "rules": "knowledge:rules",
    "schema": "knowledge:schema",
}
"""Each command, the module of ``havipcfg.cli`` that holds it, and its function there."""

app = typer.Typer(
    name="havipcfg",
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Compiler, linter and verifier for keepalived clusters that share a virtual IP.",
)


class Command(TyperCommand):
    """A command that looks at files itself, so that one it may not read is no wrong option: the others are judged."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for parameter in self.params:
            if isinstance(parameter.type, click.Path):
                parameter.type.readable = False

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Take a word that is no option for a file, where one of that name is there: a pattern or a hook put it there.

        ``-o.conf`` and ``--output=x.conf`` are files then, and write nothing.
        """
        options = {name for parameter in self.params for name in parameter.opts}
        end = args.index("--") if "--" in args else len(args)
        named = [
            f"./{word}" if word[:1] == "-" and word not in {"-", *options} and os.path.lexists(word) else word
            for word in args[:end]
        ]
        return super().parse_args(context, [*named, *args[end:]])


@app.callback(invoke_without_command=True)
def version(
    context: typer.Context,
    show: bool = typer.Option(False, "--version", help="Show the version and exit.", is_eager=True),
) -> None:
    """Compiler, linter and verifier for keepalived clusters that share a virtual IP."""
    if show:
        from havipcfg import __version__

        typer.echo(f"havipcfg {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


def _register() -> None:
    """Add the command that is asked for, or all of them where none is named (help, completion)."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    for name in [asked] if asked in COMMANDS else COMMANDS:
        module, _, function = COMMANDS[name].partition(":")
        app.command(name, cls=Command)(getattr(import_module(f"havipcfg.cli.{module}"), function))


_register()
