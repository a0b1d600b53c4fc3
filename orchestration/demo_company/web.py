"""HTTP/1.1 on loopback: requests in, vendor-shaped JSON out, one request at a time per world."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """`query` keeps repeated parameters; `headers` are case-insensitive."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: str = ""

    def first(self, name: str) -> str | None:
        return next((value for key, value in self.query if key == name), None)


@dataclass(frozen=True)
class Response:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Faults:
    """How unfriendly the services are. Counted, not timed or drawn, so that a run can be repeated.

    limit_every: every so many-th request to Stripe or GoCardless is answered 429. 0 = never.
    crm_limit_every: the same at Salesforce, with its own answer (403 REQUEST_LIMIT_EXCEEDED). 0 = never.
    session_requests: a Salesforce session ends after so many requests. 0 = never.
    retry_after: the seconds the refused are told to wait.
    """

    limit_every: int = 150
    crm_limit_every: int = 17
    session_requests: int = 12
    retry_after: int = 1


class Service(Protocol):
    """One vendor's API."""

    def respond(self, request: Request) -> Response: ...


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet per answer; unbuffered writes cost a delayed acknowledgement each
    timeout = 30
    server: Server

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            self.command,
            parts.path,
            parse_qsl(parts.query, keep_blank_values=True),
            self.headers,
            self.rfile.read(length).decode() if length else "",
        )
        response = self.server.service.respond(request)
        content = json.dumps(response.body, separators=(",", ":")).encode()
        self.send_response(response.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _answer

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: request lines may carry what the log must not."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, service: Service, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.service = service

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"
