"""The server of snowflake_server.py as a process, and what a test asks of it through the real connector, over HTTP."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.portability.engines.spark_cluster import free_port

SERVER = Path(__file__).parent / "snowflake_server.py"
# fakesnow takes anybody in.
WHO = {"account": "fakesnow", "user": "revrec", "password": "none", "role": "REVREC_BUILDER", "warehouse": "REVREC"}


@contextlib.contextmanager
def server(python: Path, log: Path) -> Iterator[dict[str, Any]]:
    """How to reach the server, while it runs."""
    port = free_port()
    with log.open("w") as text:
        process = subprocess.Popen([python, SERVER, str(port)], stdout=text, stderr=text, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not come up: {log.read_text()[-2000:]}")
            time.sleep(0.2)
        yield {**WHO, "host": "127.0.0.1", "port": port, "protocol": "http"}
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def profile_for(example: Path, reach: dict[str, Any]) -> str:
    """The project's own profile for Snowflake, pointed at the server."""
    profiles = yaml.safe_load(example.read_text())
    profiles["revrec"]["outputs"]["snowflake"] |= reach
    return yaml.safe_dump(profiles)
