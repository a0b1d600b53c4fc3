"""Talking to a vendor: waits when asked, stays on its host, signs in again once, and never shows a credential."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth

from orchestration.defs.ingest.client import Vendor as Client
from orchestration.defs.ingest.client import VendorError
from orchestration.defs.ingest.listing import Listing
from orchestration.defs.ingest.salesforce.reader import Salesforce
from orchestration.defs.ingest.stripe.reader import Stripe
from orchestration.demo_company.web import Request, Response
from orchestration.errors import ConfigurationError
from tests.ingesting import answering, settings, stripe_list

CUSTOMERS = Listing("customers", ())


def client(url: str, **options: Any) -> Client:
    return Client(settings("stripe", url, **options), BearerTokenAuth("rk_secret"))


def read(url: str, **options: Any) -> list[str]:
    """The ids of Stripe's customers, in the order they came."""
    stripe = Stripe(settings("stripe", url, **options))
    return [one["id"] for page in stripe.objects(CUSTOMERS, None) for one in page]


def in_turn(*answers: Response) -> Any:
    """One answer after the other, then the last one for ever."""
    left = list(answers)
    return lambda request: left.pop(0) if len(left) > 1 else left[0]


def test_it_waits_as_long_as_it_is_asked_to() -> None:
    with answering(in_turn(Response(429, {}, {"Retry-After": "1"}), stripe_list({"id": "cus_1"}))) as (url, vendor):
        started = time.monotonic()
        assert read(url) == ["cus_1"]
    assert time.monotonic() - started >= 1
    assert len(vendor.asked) == 2


def test_it_gives_up_after_so_many_tries_with_a_clear_sentence() -> None:
    with (
        answering(lambda request: Response(429, {"error": {"message": "slow"}})) as (url, vendor),
        pytest.raises(VendorError, match="Stripe still asks to slow down after 3 tries"),
    ):
        read(url, max_attempts=3)
    assert len(vendor.asked) == 3


def test_a_wait_of_an_hour_is_cut_to_the_longest_allowed() -> None:
    with answering(in_turn(Response(429, {}, {"Retry-After": "3600"}), stripe_list())) as (url, _):
        started = time.monotonic()
        assert read(url, longest_wait=0.1) == []
    assert time.monotonic() - started < 5


def test_a_server_error_is_retried_and_an_error_of_ours_is_not() -> None:
    with answering(in_turn(Response(503, {}), stripe_list({"id": "cus_1"}))) as (url, _):
        assert read(url) == ["cus_1"]
    bad = Response(400, {"error": {"message": "Received unknown parameter: since"}})
    with (
        answering(lambda request: bad) as (url, vendor),
        pytest.raises(VendorError, match="answered /v1/customers with 400: Received unknown parameter: since"),
    ):
        read(url)
    assert len(vendor.asked) == 1


def test_salesforce_too_busy_is_waited_for() -> None:
    busy = Response(403, [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "Concurrent"}], {"Retry-After": "0"})
    with answering(in_turn(busy, Response(200, {"fields": []}))) as (url, vendor):
        assert client(url).one("/describe") == {"fields": []}
    assert len(vendor.asked) == 2


def test_numbers_never_become_floats() -> None:
    with answering(lambda request: stripe_list({"id": "a", "amount": 12345678901234567.05})) as (url, _):
        page = next(Stripe(settings("stripe", url)).objects(CUSTOMERS, None))
    assert isinstance(page[0]["amount"], Decimal)


def test_a_redirect_is_not_followed() -> None:
    with answering(lambda request: stripe_list({"id": "stolen"})) as (elsewhere, other):
        away = Response(302, {}, {"Location": f"{elsewhere}/v1/customers"})
        with answering(lambda request: away) as (url, _), pytest.raises(VendorError, match="a redirect, which is not"):
            read(url)
    assert other.asked == []


def test_a_next_link_to_another_host_is_not_followed() -> None:
    with answering(lambda request: Response(200, {"records": [], "done": True})) as (elsewhere, other):

        def answer(request: Request) -> Response:
            if request.method == "POST":
                return Response(200, {"access_token": "00D!token"})
            return Response(200, {"records": [{"Id": "001"}], "nextRecordsUrl": f"{elsewhere}/query/next"})

        with answering(answer) as (url, _):
            salesforce = Salesforce(settings("salesforce", url))
            with pytest.raises(VendorError, match="only its own host is asked"):
                list(salesforce.query("SELECT Id FROM Account"))
    assert other.asked == []


@pytest.mark.parametrize("body", [{"object": "list"}, {"data": "nothing"}, ["data"], "text"])
def test_an_answer_without_its_list_is_an_error_and_not_the_end_of_the_data(body: Any) -> None:
    with answering(lambda request: Response(200, body)) as (url, _), pytest.raises(VendorError, match="/v1/customers"):
        read(url)


def test_a_page_whose_last_object_was_deleted_meanwhile_is_no_end() -> None:
    gone = Response(400, {"error": {"message": "No such customer: 'cus_2'"}})

    def answer(request: Request) -> Response:
        pages = {
            None: stripe_list({"id": "cus_1"}, {"id": "cus_2"}, more=True),
            "cus_2": gone,
            "cus_1": stripe_list({"id": "cus_3"}),
        }
        return pages[request.first("starting_after")]

    with answering(answer) as (url, _):
        assert read(url) == ["cus_1", "cus_2", "cus_3"]


def test_nobody_there_is_one_sentence() -> None:
    with answering(lambda request: stripe_list()) as (url, _):
        pass
    with pytest.raises(VendorError, match=r"Stripe cannot be reached at http://127\.0\.0\.1:\d+ \(ConnectionError\)"):
        read(url, max_attempts=1)


def test_a_refused_key_names_its_variable_and_not_the_key() -> None:
    refused = Response(401, {"error": {"message": "Invalid API Key provided: rk_demo"}})
    with answering(lambda request: refused) as (url, _), pytest.raises(ConfigurationError) as caught:
        read(url)
    assert str(caught.value) == "Stripe refused the credential in STRIPE_API_KEY."


class Organisation:
    """A Salesforce whose sessions end after `requests` requests; 0 = a session never works."""

    def __init__(self, requests: int) -> None:
        self.requests = requests
        self.left = 0
        self.sign_ins = 0

    def __call__(self, request: Request) -> Response:
        if request.method == "POST":
            self.sign_ins += 1
            self.left = self.requests
            return Response(200, {"access_token": f"00D!{self.sign_ins}"})
        if request.headers["Authorization"] != f"Bearer 00D!{self.sign_ins}" or self.left <= 0:
            return Response(401, [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}])
        self.left -= 1
        return Response(200, {"records": [{"Id": "001"}], "done": True})


def test_a_session_that_ended_is_opened_again_and_nothing_is_missed() -> None:
    organisation = Organisation(requests=2)
    with answering(organisation) as (url, _):
        salesforce = Salesforce(settings("salesforce", url))
        read = [list(salesforce.query("SELECT Id FROM Account")) for _ in range(5)]
    assert read == [[[{"Id": "001"}]]] * 5
    assert organisation.sign_ins == 3


def test_a_second_refusal_is_an_answer_and_not_a_loop() -> None:
    organisation = Organisation(requests=0)
    with (
        answering(organisation) as (url, _),
        pytest.raises(ConfigurationError, match="Salesforce refused the credential in SALESFORCE_CLIENT_SECRET"),
    ):
        list(Salesforce(settings("salesforce", url)).query("SELECT Id FROM Account"))
    assert organisation.sign_ins == 2


def test_a_refused_client_names_its_variables_and_not_the_secret() -> None:
    refused = Response(400, {"error": "invalid_client", "error_description": "invalid client credentials"})
    with answering(lambda request: refused) as (url, _), pytest.raises(ConfigurationError) as caught:
        list(Salesforce(settings("salesforce", url)).query("SELECT Id FROM Account"))
    assert "SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET: invalid client credentials" in str(caught.value)
    assert settings("salesforce", "http://host").secret not in str(caught.value)
