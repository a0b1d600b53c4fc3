"""Salesforce's REST API: client-credentials sign-in, query, queryAll, the next page, describe."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qs

from . import soql
from .moments import salesforce_moment
from .salesforce_schema import OBJECTS, describe
from .web import Faults, Request, Response
from .world import Record, World

VERSION = "v68.0"
DATA = f"/services/data/{VERSION}"
CLIENT = {"client_id": "northwind-revrec", "client_secret": "northwind-demo-only"}
LARGEST_PAGE = 2000
SMALLEST_PAGE = 200


class Salesforce:
    """Pages keep the rows their query found; fields are read when a page is fetched, so a row can change between."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self.faults = faults
        self.url = ""
        self.requests = 0
        self._sessions = 0
        self._session_left = 0
        self._cursors: dict[str, tuple[soql.Query, list[str], int]] = {}

    def respond(self, request: Request) -> Response:
        with self.world.lock:
            if request.path == "/services/oauth2/token":
                return self._sign_in(request)
            refusal = self._refusal(request)
            return refusal or self._route(request)

    # ---- who may ask

    def _token(self) -> str:
        return "00DNw!" + hashlib.sha256(f"session {self._sessions}".encode()).hexdigest()[:40]

    def _sign_in(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs(request.body).items()}
        header = request.headers.get("Authorization", "")
        if header.startswith("Basic "):
            form["client_id"], _, form["client_secret"] = base64.b64decode(header[6:]).decode().partition(":")
        if request.method != "POST" or form.get("grant_type") != "client_credentials":
            return Response(400, {"error": "unsupported_grant_type", "error_description": "grant type not supported"})
        if any(form.get(name) != value for name, value in CLIENT.items()):
            return Response(400, {"error": "invalid_client", "error_description": "invalid client credentials"})
        self._sessions += 1
        self._session_left = self.faults.session_requests
        return Response(
            200,
            {
                "access_token": self._token(),
                "instance_url": self.url,
                "id": f"{self.url}/id/00DNw0000000001MAA/005Nw0000000001MAA",
                "token_type": "Bearer",
                "scope": "api",
                "issued_at": str(self.world.clock * 1000),
            },
        )

    def _refusal(self, request: Request) -> Response | None:
        self.requests += 1
        if self.faults.crm_limit_every and self.requests % self.faults.crm_limit_every == 0:
            wait = {"Retry-After": str(self.faults.retry_after)}
            return _error(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests Limit exceeded.", wait)
        ended = self.faults.session_requests and self._session_left <= 0
        if not self._sessions or ended or request.headers.get("Authorization") != f"Bearer {self._token()}":
            return _error(401, "INVALID_SESSION_ID", "Session expired or invalid")
        self._session_left -= 1
        return None

    # ---- what they ask

    def _route(self, request: Request) -> Response:
        if request.method != "GET" or not request.path.startswith(f"{DATA}/"):
            return _error(404, "NOT_FOUND", "The requested resource does not exist")
        parts = request.path[len(DATA) + 1 :].split("/")
        if parts[0] in ("query", "queryAll") and len(parts) == 1:
            return self._query(request, with_deleted=parts[0] == "queryAll")
        if parts[0] == "query" and len(parts) == 2:
            return self._next_page(parts[1])
        if parts[0] == "sobjects" and len(parts) == 3 and parts[2] == "describe" and parts[1] in OBJECTS:
            return Response(200, describe(parts[1]))
        return _error(404, "NOT_FOUND", "The requested resource does not exist")

    def _query(self, request: Request, with_deleted: bool) -> Response:
        try:
            query = soql.parse(request.first("q") or "")
        except soql.SoqlError as error:
            return _error(400, error.code, str(error))
        records = self.world.records("salesforce", query.kind)
        rows = [self._row(query.kind, record) for record in records]
        rows = query.select([row for row in rows if with_deleted or not row["IsDeleted"]])
        if query.counts_only:
            return Response(200, {"totalSize": len(rows), "done": True, "records": []})
        size = _page_size(request.headers.get("Sforce-Query-Options", ""))
        return self._page(query, [row["Id"] for row in rows], size, 0)

    def _next_page(self, locator: str) -> Response:
        name, _, start = locator.rpartition("-")
        if name not in self._cursors or not start.isdigit():
            return _error(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(*self._cursors[name], int(start))

    def _page(self, query: soql.Query, ids: list[str], size: int, start: int) -> Response:
        chosen = ids[start : start + size]
        rows = [self._row(query.kind, self.world.record("salesforce", query.kind, row_id)) for row_id in chosen]
        more = start + size < len(ids)
        answer: dict[str, Any] = {"totalSize": len(ids), "done": not more}
        if more:
            key = hashlib.sha256(json.dumps([query.kind, query.fields, ids]).encode()).hexdigest()[:15]
            self._cursors[f"0r8{key}"] = (query, ids, size)
            answer["nextRecordsUrl"] = f"{DATA}/query/0r8{key}-{start + size}"
        answer["records"] = [
            {
                "attributes": {"type": query.kind, "url": f"{DATA}/sobjects/{query.kind}/{row['Id']}"},
                **{name: row.get(name) for name in query.fields},
            }
            for row in rows
        ]
        self.world.page_served("salesforce", query.kind, more)
        return Response(200, answer)

    def _row(self, kind: str, record: Record) -> dict[str, Any]:
        known_at, payload = record.known(self.world.clock) or record.versions[0]
        deleted = record.is_deleted(self.world.clock)
        changed = salesforce_moment(record.deleted_at if deleted else known_at)
        return {
            **payload,
            "CreatedDate": salesforce_moment(record.created_at),
            "LastModifiedDate": changed,
            "SystemModstamp": changed,
            "IsDeleted": deleted,
        }


def _page_size(options: str) -> int:
    asked = next((part.split("=")[1] for part in options.split(",") if part.strip().startswith("batchSize=")), "")
    return min(max(int(asked), SMALLEST_PAGE), LARGEST_PAGE) if asked.strip().isdigit() else LARGEST_PAGE


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    return Response(status, [{"errorCode": code, "message": message}], headers or {})
