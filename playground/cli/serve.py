"""`serve`: start the playground for browsers."""

from __future__ import annotations

import click


@click.command("serve")
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one.  [default: 8000]")
@click.option(
    "--database",
    help="File or URL in which sessions are kept, or `none`.  [default: in your data directory]",
)
@click.option("--workers", type=int, help="Training processes.  [default: one per core]")
@click.option(
    "--open/--no-open",
    "open_browser",
    default=None,
    envvar="PLAYGROUND_OPEN",
    help="Open the page in a browser when ready.  [default: no]",
)
def serve_command(
    host: str | None,
    port: int | None,
    database: str | None,
    workers: int | None,
    open_browser: bool | None,
) -> None:
    """Start the playground for browsers (the default command).

    Every setting can also be given in the environment, as PLAYGROUND_HOST, PLAYGROUND_PORT,
    PLAYGROUND_WORKERS, PLAYGROUND_OPEN and so on; HOST and PORT do as well.
    """
    from playground.web.settings import Settings, misspelt

    for name, near in misspelt():
        click.echo(f"warning: {name} is no setting; did you mean {near}?", err=True)
    settings = Settings.from_environment(
        host=host, port=port, database=database, workers=workers, open_browser=open_browser
    )
    from playground.web.app import serve

    serve(settings)
