"""What the tests of ingestion share: vendors that answer what a test says, loads of them, and what was stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb

from orchestration.defs.ingest.settings import Settings
from orchestration.demo_company import CREDENTIALS
from orchestration.demo_company.web import Request, Response, Server

Answer = Callable[[Request], Response]


@dataclass
class Vendor:
    """A vendor that answers with `answer` and remembers what it was asked."""

    answer: Answer
    asked: list[Request] = field(default_factory=list)

    def respond(self, request: Request) -> Response:
        self.asked.append(request)
        return self.answer(request)

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.asked]


@contextmanager
def answering(answer: Answer) -> Iterator[tuple[str, Vendor]]:
    """A base URL on loopback and the vendor behind it."""
    vendor = Vendor(answer)
    server = Server(vendor)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server.url, vendor
    finally:
        server.shutdown()
        server.server_close()


def stripe_list(*objects: dict[str, Any], more: bool = False) -> Response:
    return Response(200, {"object": "list", "data": list(objects), "has_more": more, "url": "/v1"})


def stripe_account(**lists: list[dict[str, Any]]) -> Answer:
    """A Stripe account with these objects by list, and no events."""

    def answer(request: Request) -> Response:
        parts = request.path.strip("/").split("/")
        return stripe_list(*lists.get(parts[1], []) if len(parts) == 2 else [])

    return answer


def settings(system: str, base_url: str, **options: Any) -> Settings:
    """The demo company's credentials, and retries that do not make a test wait."""
    access = CREDENTIALS[system]
    secret = access.get("api_key") or access.get("access_token") or access["client_secret"]
    options = {"backoff": 0.01, "client_id": access.get("client_id", ""), **options}
    return Settings(system, base_url, secret, **options)


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database)) as connection:
        return connection.execute(query).fetchall()


def stored(database: Path, system: str) -> dict[str, list[tuple[str, int, str]]]:
    """(id, version, content hash) of every row, by raw table, in order."""
    tables = rows(
        database,
        f"select distinct table_name from information_schema.columns where table_schema = 'raw_{system}'"  # noqa: S608
        " and column_name = '_version' order by 1",
    )
    return {
        table: rows(database, f"select id, _version, _content_hash from raw_{system}.{table} order by 1, 2, 3")  # noqa: S608
        for (table,) in tables
    }
