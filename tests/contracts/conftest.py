"""The demo company for this folder: a small one with every kind of customer, and a client that checks every word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from vendor_contract import Contract

from orchestration import demo_company
from orchestration.demo_company import Faults, World

SMALL = 100
PATIENT = Faults(limit_every=0, crm_limit_every=0, session_requests=0)
STRIPE_VERSION, GOCARDLESS_VERSION = "2026-10-28.endive", "2015-07-06"


@dataclass
class Client:
    """Asks one vendor over HTTP. `get` fails the test when the request or the answer breaks the contract."""

    name: str
    url: str
    contract: Contract
    headers: dict[str, str]
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, query: list[tuple[str, str]] | None = None, **headers: str) -> requests.Response:
        query = query or []
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        response = self.session.get(self.url + path, params=query, headers=sent, timeout=10)
        asked = parse_qsl(urlsplit(response.url).query)
        contract_path = self.contract.path_of(urlsplit(response.url).path)
        if response.ok:
            assert self.contract.request_problems(contract_path, asked, sent) == []
        assert self.contract.response_problems(contract_path, response.status_code, response.json()) == []
        return response

    def sign_in(self) -> None:
        """Salesforce only."""
        form = {"grant_type": "client_credentials", **demo_company.CREDENTIALS["salesforce"]}
        answer = self.session.post(f"{self.url}/services/oauth2/token", data=form, timeout=10)
        assert answer.status_code == 200
        assert answer.json()["instance_url"] == self.url
        self.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def all(self, path: str, **filters: str) -> list[dict[str, Any]]:
        """Every page of a list of Stripe or GoCardless, a hundred at a time."""
        rows: list[dict[str, Any]] = []
        query = [("limit", "100"), *((name.rstrip("_"), value) for name, value in filters.items())]
        cursor: list[tuple[str, str]] = []
        while True:
            answer = self.get(path, query + cursor).json()
            if self.name == "stripe":
                rows += answer["data"]
                if not answer["has_more"]:
                    return rows
                cursor = [("starting_after", rows[-1]["id"])]
            else:
                rows += answer[path.strip("/")]
                after = answer["meta"]["cursors"]["after"]
                if after is None:
                    return rows
                cursor = [("after", after)]

    def query(self, soql: str, path: str = "query", size: int = 2000) -> list[dict[str, Any]]:
        """Every page of a Salesforce query."""
        options = {"Sforce_Query_Options": f"batchSize={size}"}
        answer = self.get(f"/services/data/v68.0/{path}", [("q", soql)], **options).json()
        rows = answer["records"]
        while not answer["done"]:
            answer = self.get(answer["nextRecordsUrl"], **options).json()
            rows += answer["records"]
        assert len(rows) == answer["totalSize"]
        return rows


def clients(urls: dict[str, str]) -> dict[str, Client]:
    access = demo_company.CREDENTIALS
    found = {
        "salesforce": Client("salesforce", urls["salesforce"], Contract("salesforce"), {}),
        "stripe": Client(
            "stripe",
            urls["stripe"],
            Contract("stripe"),
            {"Authorization": f"Bearer {access['stripe']['api_key']}", "Stripe-Version": STRIPE_VERSION},
        ),
        "gocardless": Client(
            "gocardless",
            urls["gocardless"],
            Contract("gocardless"),
            {
                "Authorization": f"Bearer {access['gocardless']['access_token']}",
                "GoCardless-Version": GOCARDLESS_VERSION,
            },
        ),
    }
    found["salesforce"].sign_in()
    return found


@pytest.fixture(scope="session")
def whole_world() -> World:
    """The demo company in full, as it comes. Not to be changed."""
    return demo_company.build_world()


@pytest.fixture(scope="session")
def small_world() -> World:
    """Not to be changed."""
    return demo_company.build_world(customers=SMALL)


@pytest.fixture(scope="session")
def vendors(small_world: World) -> Iterator[dict[str, Client]]:
    """Clients of the small demo company, without faults."""
    with demo_company.running(small_world, PATIENT) as urls:
        yield clients(urls)


@pytest.fixture
def own_world() -> World:
    """A tiny demo company for a test that changes it."""
    return demo_company.build_world(customers=24)


def as_bytes(body: Any) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()
