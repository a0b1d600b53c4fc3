"""`make docs`: write dbt's documentation of every table and show it, on the loopback if nothing else is said."""

from __future__ import annotations

import argparse
import functools
import http.server
import os
import sys
from pathlib import Path

import orchestration
from orchestration import warehouse
from orchestration.errors import ConfigurationError

HOST, PORT = "127.0.0.1", 8080


def generate(database: Path | None = None) -> Path:
    """Write the pages to dbt's target folder and return it. Columns and types are those of the database."""
    path = warehouse.database_path(database)
    with warehouse.writing(path):
        warehouse.dbt("docs", arguments=["generate"], database=path)
    return orchestration.ROOT / os.environ.get("DBT_TARGET_PATH", "target")


def main() -> None:
    arguments = argparse.ArgumentParser(prog="orchestration.docs")
    arguments.add_argument("--host", default=HOST)
    arguments.add_argument("--port", type=int, default=PORT)
    given = arguments.parse_args()
    try:
        folder = generate()
    except ConfigurationError as error:
        print(f"revrec: {error}", file=sys.stderr)
        sys.exit(2)
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer((given.host, given.port), handler) as server:
        url = f"http://{given.host}:{given.port}"
        print(f"{url} shows every table, its columns and where they come from; Ctrl-C ends it.", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nobody needs one line per file."""


if __name__ == "__main__":
    main()
