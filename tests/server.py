"""The playground's server as a process of its own, as a person starts it, for tests to talk to."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil

READY = re.compile(r"Backprop Playground is ready at (http://\S+)")
START_SECONDS = 60


def kept_step(database: Path) -> int:
    """The latest step that the database keeps of any session; −1 where it keeps none."""
    try:
        with contextlib.closing(sqlite3.connect(database, timeout=10)) as reader:
            rows = reader.execute("select words from sessions").fetchall()
    except sqlite3.DatabaseError:
        return -1
    checkpoints = [json.loads(words)["checkpoint"] for (words,) in rows]
    return max((each["step"] for each in checkpoints if each), default=-1)


class ServerProcess:
    """`playground serve` on a free port. `command` is what starts it, for an installed one."""

    def __init__(
        self,
        log: Path,
        *arguments: str,
        command: tuple[str, ...] = (sys.executable, "-m", "playground"),
        cwd: Path | None = None,
        **environment: str,
    ) -> None:
        self.log = log
        self.url = ""
        self._command = [*command, "serve", "--host", "127.0.0.1", "--no-open", *arguments]
        if "--port" not in arguments:
            self._command += ["--port", "0"]
        self.database = Path(environment.get("PLAYGROUND_DATABASE", log.with_suffix(".db")))
        kept = {"PLAYGROUND_DATABASE": str(self.database)}
        self._environment = {**os.environ, **kept, **environment}
        self._cwd = cwd
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> ServerProcess:
        """Start it and wait until it says where it is."""
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=self._environment,
                cwd=self._cwd,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            ready = READY.search(self.output())
            if ready:
                self.url = ready.group(1)
                return self
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"the server did not get ready:\n{self.output()}")

    def stop(self) -> None:
        """Ask it to end, as Ctrl-C does; insist after ten seconds."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def workers(self) -> list[psutil.Process]:
        """Its worker processes."""
        assert self._process is not None
        return psutil.Process(self._process.pid).children()

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1].strip("/"))

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def output(self) -> str:
        """All it has said so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def __enter__(self) -> ServerProcess:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
