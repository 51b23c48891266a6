"""What a server tells Prometheus: how much there is, what was refused and why, how long it took.

Numbers only: no name, no token, no address of anybody.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from werkzeug.exceptions import NotFound

from playground.base.errors import FloodError, InputError, LimitError, RoleError
from playground.runtime.supervisor import Supervisor

REFUSALS = ("host", "origin", "token", "viewer", "flood", "size", "full", "silent", "input")
"""Why something was refused."""
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0)


def why(error: InputError) -> str:
    """Which of `REFUSALS` an error is."""
    if isinstance(error, RoleError):
        return "viewer"
    if isinstance(error, FloodError):
        return "flood"
    if isinstance(error, LimitError):
        return "full"
    return "token" if error.field == "token" else "input"


class Metrics:
    """Those of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        own = self.registry
        self._refused = Counter("playground_refused", "Refused, by why", ["why"], registry=own)
        for why in REFUSALS:
            self._refused.labels(why)
        self.commands = Counter("playground_commands", "Commands accepted", registry=own)
        self.frames = Counter("playground_frames_sent", "Frames handed to browsers", registry=own)
        self.command_seconds = Histogram(
            "playground_command_seconds",
            "To check and pass on a command",
            buckets=_SECONDS,
            registry=own,
        )
        self.lag = Gauge("playground_hub_lag_seconds", "How late the loop runs", registry=own)

    def refuse(self, why: str) -> None:
        """Count a refusal."""
        self._refused.labels(why).inc()

    def watch(self, supervisor: Supervisor) -> None:
        """Tell of this supervisor too."""
        self.registry.register(_Sessions(supervisor))

    def text(self) -> bytes:
        """As Prometheus reads it."""
        return generate_latest(self.registry)


class _Sessions(Collector):
    """Counted when somebody asks."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor

    def collect(self) -> Iterator[Metric]:
        """Every number there is to be read off."""
        supervisor = self._supervisor
        keeper, sessions = supervisor.keeper, list(supervisor)
        gauges = {
            "sessions": ("Sessions in memory", len(sessions)),
            "sessions_running": ("… that train", sum(s.run_state == "running" for s in sessions)),
            "sessions_watched": ("… that somebody sees", sum(bool(s.viewers) for s in sessions)),
            "connections": ("Pages that show a session", sum(len(s.viewers) for s in sessions)),
            "workers": ("Training processes", len(supervisor.fleet.pids)),
            "unsaved_sessions": ("With news that is not in the database", keeper.waiting),
            "database_healthy": ("1 while sessions can be kept", int(not keeper.trouble)),
        }
        for name, (help_text, value) in gauges.items():
            yield GaugeMetricFamily(f"playground_{name}", help_text, value)
        counters = {
            "workers_lost": ("Training processes that had to be replaced", supervisor.fleet.lost),
            "saved_sessions": ("Sessions written to the database", keeper.written),
            "database_failures": ("Writes that failed", keeper.failures),
        }
        for name, (help_text, value) in counters.items():
            yield CounterMetricFamily(f"playground_{name}", help_text, value)


def add_metrics(app: Flask, metrics: Metrics, *, public: bool) -> None:
    """`/metrics`, for this machine only unless it is `public`."""

    @app.get("/metrics")
    def told() -> Response:
        if not public and request.remote_addr not in ("127.0.0.1", "::1"):
            raise NotFound
        return Response(metrics.text(), mimetype="text/plain")
