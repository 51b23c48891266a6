"""The command line: serve · train · export · schema · gradcheck, and how each of them ends.

Exit codes: 0 done, 2 bad input (one line on stderr that names the field), 3 diverged. Commands
import what they need when they run: `train` sets BLAS to one thread before NumPy is loaded,
`serve` patches the standard library before anything opens a socket.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from playground import __version__
from playground.base.errors import DivergedError, InputError, PlaygroundError
from playground.cli.export import export_command
from playground.cli.gradcheck import gradcheck_command
from playground.cli.schema import schema_command
from playground.cli.serve import serve_command
from playground.cli.train import train_command

BAD_INPUT = 2
DIVERGED = 3


class _DefaultGroup(click.Group):
    """A group that takes `serve` for granted."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "-h", "--version"}
        if not args or (args[0].startswith("-") and args[0] not in own):
            args = ["serve", *args]
        return super().parse_args(context, args)


@click.group(
    cls=_DefaultGroup,
    commands=[serve_command, train_command, export_command, schema_command, gradcheck_command],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="Backprop Playground")
def playground() -> None:
    """See backpropagation happen, step by step, in the browser. Without a command: serve."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; its exit code."""
    try:
        answer: Any = playground.main(
            None if arguments is None else list(arguments),
            prog_name="backprop-playground",
            standalone_mode=False,
        )
    except click.exceptions.Exit as end:
        return end.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _failed("stopped", 130)
    except click.ClickException as error:
        return _failed(_one_line(error), BAD_INPUT)
    except InputError as error:
        return _failed(str(error), BAD_INPUT)
    except DivergedError as error:
        return _failed(str(error), DIVERGED)
    except PlaygroundError as error:
        return _failed(str(error), 1)
    except OSError as error:  # what files have is told where they are opened
        return _failed(f"the output can't be written: {_dropped(error)}", 1)
    return answer if isinstance(answer, int) else 0


def _failed(message: str, code: int) -> int:
    click.echo(f"error: {message}", err=True)
    return code


def _dropped(error: OSError) -> str:
    """Why there is no writing to standard output; what it still holds is not tried again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    return error.strerror or str(error)


def _one_line(error: click.ClickException) -> str:
    """click's finding as `field: message`, on one line."""
    message = " ".join(error.format_message().split())
    if isinstance(error, click.NoSuchOption):
        near = f"; did you mean {error.possibilities[0]}?" if error.possibilities else ""
        return f"{error.option_name}: there is no such option{near}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        name = error.param.opts[0] if error.param.opts else error.param.name
        if isinstance(error.param, click.Argument):
            name = error.param.make_metavar(error.ctx or click.Context(playground))
        if isinstance(error, click.MissingParameter):
            return f"{name}: is missing"
        return f"{name}: {error.message.rstrip('.')}"
    return message.rstrip(".")
