"""The commands."""

from __future__ import annotations

import typer

from havipcfg.cli import diff as _diff
from havipcfg.cli import generate as _generate
from havipcfg.cli import knowledge as _knowledge
from havipcfg.cli import lint as _lint

app = typer.Typer(
    name="havipcfg",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Compiler, linter and verifier for keepalived clusters that share a virtual IP.",
)


@app.callback(invoke_without_command=True)
def version(show: bool = typer.Option(False, "--version", help="Show the version and exit.", is_eager=True)) -> None:
    """Compiler, linter and verifier for keepalived clusters that share a virtual IP."""
    if show:
        from havipcfg import __version__

        typer.echo(f"havipcfg {__version__}")
        raise typer.Exit


app.command("lint")(_lint.lint)
app.command("generate")(_generate.generate)
app.command("explain")(_knowledge.explain)
app.command("rules")(_knowledge.rules)
app.command("schema")(_knowledge.schema)
app.command("diff")(_diff.diff)
