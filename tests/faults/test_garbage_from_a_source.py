"""A source that answers nonsense in the middle of a list: nothing of that load counts, and the next one is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from orchestration.defs.ingest import load
from orchestration.defs.ingest.client import VendorError
from tests.ingesting import settings, stored

CUSTOMERS = [
    {"id": f"cus_{number}", "object": "customer", "livemode": False, "created": 1_704_067_200 + number, "name": "one"}
    for number in range(6)
]


def page(*objects: Any, more: bool) -> bytes:
    return json.dumps({"object": "list", "data": objects, "has_more": more, "url": "/v1/customers"}).encode()


EMPTY = page(more=False)
WHOLE = page(*CUSTOMERS[3:], more=False)
GARBAGE = {
    "a web page": b"<html><body>Please log in</body></html>",
    "half an answer": WHOLE[: len(WHOLE) // 2],
    "nothing": b"",
    "bytes": bytes(range(256)),
    "a list": b"[1, 2, 3]",
    "a word": b'"ok"',
    "null": b"null",
    "no list": b'{"object": "list", "has_more": false}',
    "objects that are words": page("cus_3", "cus_4", more=False),
    "objects that are null": page(None, more=False),
    "objects in lists": page([CUSTOMERS[3]], more=False),
    "a bottomless list": b'{"data": ' + b"[" * 100_000,
}


class Customers:
    """A Stripe account with two pages of customers; the second one is `second`, and may be cut off."""

    def __init__(self, second: bytes, cut: bool = False) -> None:
        self.second, self.cut, self.was_asked = second, cut, False

    def answer(self, path: str) -> tuple[bytes, bool]:
        if "/customers" not in path:
            return EMPTY, False
        if "starting_after" not in path:
            return page(*CUSTOMERS[:3], more=True), False
        self.was_asked = True
        return self.second, self.cut


@contextmanager
def serving(customers: Customers) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, cut = customers.answer(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body) + (1000 if cut else 0)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def ingest(database: Path, customers: Customers) -> None:
    with serving(customers) as url:
        load.ingest(["stripe"], database, {"stripe": settings("stripe", url, max_attempts=2)})


def customers_of(database: Path) -> list[tuple[str, int, str]]:
    return stored(database, "stripe")["customers"]


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_in_the_middle_of_a_list_is_an_error_and_leaves_nothing(kind: str, tmp_path: Path) -> None:
    broken = Customers(GARBAGE[kind])
    check(broken, tmp_path)


def test_an_answer_that_is_cut_off_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    check(Customers(WHOLE[:-10], cut=True), tmp_path)


def check(broken: Customers, folder: Path) -> None:
    database = folder / "books.duckdb"
    with pytest.raises(VendorError) as error:
        ingest(database, broken)
    assert broken.was_asked
    assert str(error.value).startswith("Stripe ") and "\n" not in str(error.value)
    ingest(database, Customers(WHOLE))
    assert [(one, version) for one, version, _ in customers_of(database)] == [(row["id"], 1) for row in CUSTOMERS]
