"""`make docs`: write dbt's documentation of every table and show it on the loopback interface."""

from __future__ import annotations

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
    try:
        folder = generate()
    except ConfigurationError as error:
        print(f"revrec: {error}", file=sys.stderr)
        sys.exit(2)
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer((HOST, PORT), handler) as server:
        print(f"http://{HOST}:{PORT} shows every table, its columns and where they come from; Ctrl-C ends it.")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nobody needs one line per file."""


if __name__ == "__main__":
    main()
