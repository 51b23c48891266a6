"""The server: Flask for pages, Socket.IO for sessions, gevent beneath, workers beside it."""

from __future__ import annotations

import errno
import logging
import signal
import sys
import webbrowser
from dataclasses import dataclass

import gevent
from flask import Flask
from flask_socketio import SocketIO
from gevent.event import Event
from gevent.pool import Pool
from gevent.pywsgi import WSGIServer

from playground.base.errors import InputError, StoreError
from playground.runtime.supervisor import Supervisor
from playground.store.database import Database, opened
from playground.store.place import NOWHERE, database_url
from playground.web.assets import folder
from playground.web.events import Events
from playground.web.exchange import add_exchange
from playground.web.handler import Handler
from playground.web.logs import start_logging
from playground.web.metrics import Metrics, add_metrics
from playground.web.owners import owners
from playground.web.published import add_published
from playground.web.routes import add_routes
from playground.web.security import LOOPBACK_NAMES, WILDCARDS, Application, guarded
from playground.web.settings import Settings

_log = logging.getLogger("playground.web")

_PING_SECONDS = 10
_READY_SECONDS = 60.0
_GOODBYE_SECONDS = 1.0
_BACKLOG = 1024
# What strangers send is theirs to answer for; our own handlers log their own faults.
_QUIET = logging.getLogger("playground.socket")
_QUIET.setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Playground:
    """A server's parts, put together and not yet started."""

    application: Application
    supervisor: Supervisor
    events: Events
    flask: Flask


def create_playground(settings: Settings, database: Database | None = None) -> Playground:
    """Nothing runs yet: start the supervisor, then serve the application."""
    flask = Flask("playground", static_folder=None, template_folder=str(folder("templates")))
    flask.jinja_env.trim_blocks = flask.jinja_env.lstrip_blocks = True
    sockets = SocketIO(
        flask,
        async_mode="gevent",
        async_handlers=False,
        # The guard around everything has looked at the origin before anything comes here.
        cors_allowed_origins=[],
        max_http_buffer_size=settings.max_message_bytes,
        ping_interval=_PING_SECONDS,
        ping_timeout=_PING_SECONDS,
        http_compression=False,
        logger=_QUIET,
        engineio_logger=_QUIET,
    )
    server = sockets.server
    metrics = Metrics()

    events = Events(server, settings, metrics, database)
    metrics.watch(events.supervisor)
    add_routes(flask, events.supervisor)
    add_metrics(flask, metrics, public=settings.public_metrics)
    owned = owners(events.supervisor)
    add_exchange(flask, events.supervisor, owned)
    add_published(flask, events.supervisor, owned)
    return Playground(guarded(flask, settings, metrics), events.supervisor, events, flask)


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM; leaves no worker behind. InputError where it can't listen."""
    start_logging(settings.log_format)
    playground = create_playground(settings, _database(settings))
    listener = WSGIServer(
        (settings.host, settings.port),
        playground.application,
        backlog=_BACKLOG,
        spawn=Pool(2 * settings.max_viewers + 100),
        handler_class=Handler,
        log=None,
        error_log=logging.getLogger("playground.web"),
    )
    try:
        listener.init_socket()
    except OSError as error:
        raise InputError(_why_not(error, settings), "port") from None
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, stopping.set)
    playground.supervisor.start()
    sweeper = gevent.spawn(playground.events.sweep)
    try:
        listener.start()
        _wait_for_workers(playground.supervisor, stopping)
        _announce(settings, listener.server_port)
        stopping.wait()
    finally:
        sweeper.kill()
        listener.stop(timeout=_GOODBYE_SECONDS)
        playground.supervisor.stop()


def _database(settings: Settings) -> Database | None:
    """Where sessions are kept. A place that somebody named must work; the default one may fail."""
    if settings.database == NOWHERE:
        return None
    try:
        database, aside = opened(database_url(settings.database))
    except StoreError as error:
        if settings.database:
            raise InputError(f"can't be used: {error}", "database") from None
        _log.warning("nothing outlives this server: the database can't be used: %s", error)
        return None
    if aside:
        _log.warning("the database was damaged; it is now %s, and a new one was begun", aside)
    return database


def _wait_for_workers(supervisor: Supervisor, stopping: Event) -> None:
    """Ready means that a network can train."""
    with gevent.Timeout(_READY_SECONDS, False):
        while not supervisor.fleet.is_healthy and not stopping.wait(0.02):
            pass


def _announce(settings: Settings, port: int) -> None:
    host = "127.0.0.1" if settings.host in WILDCARDS else settings.host
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    print(f"Backprop Playground is ready at {url}", flush=True)
    if settings.host not in LOOPBACK_NAMES:
        print(
            f"It listens on {settings.host}: whoever reaches this machine can use it, unencrypted.",
            file=sys.stderr,
            flush=True,
        )
    if settings.open_browser:
        gevent.get_hub().threadpool.spawn(webbrowser.open, url)


def _why_not(error: OSError, settings: Settings) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"{settings.port} is in use on {settings.host}; choose another with --port"
    if error.errno == errno.EACCES:
        return f"{settings.port} is not open to this user; choose one above 1023"
    return f"can't listen on {settings.host}:{settings.port} ({error.strerror or error})"
