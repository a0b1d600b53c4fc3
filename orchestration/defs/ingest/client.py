"""HTTP to one vendor: its host and no other, bounded retries, exact numbers, errors a person can act on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from dlt.sources.helpers.requests import Client
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.paginators import BasePaginator
from requests import PreparedRequest, Request, RequestException, Response
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from orchestration.defs.ingest.settings import Settings
from orchestration.errors import ConfigurationError, StepFailed


class VendorError(StepFailed):
    """What a vendor answered instead of data, in one sentence without secrets. `status` is 0 when nothing came back."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class _ExactResponse(Response):
    """Numbers with a point are decimals; the body is parsed once, although paginator and selector both ask."""

    def json(self, **_: Any) -> Any:
        if not hasattr(self, "_parsed"):
            self._parsed = json.loads(self.content, parse_float=Decimal)
        return self._parsed


class _OneHost(HTTPAdapter):
    """Sends only to the configured host, whatever a next link or a redirect says."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.origin = _origin(settings.base_url)
        self.title = settings.title

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        if _origin(request.url or "") != self.origin:
            raise VendorError(f"{self.title} pointed to {urlsplit(request.url).hostname}; only its own host is asked.")
        return super().send(request, *args, **options)

    def build_response(self, request: PreparedRequest, raw: Any) -> Response:
        response = super().build_response(request, raw)
        response.__class__ = _ExactResponse
        return response


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


class Vendor(RESTClient):
    """dlt's REST client for one vendor.

    Too many requests (429, or 403 with a Retry-After) and server errors are retried after the wait the vendor asks for,
    `settings.max_attempts` times in all. Raises VendorError, and ConfigurationError when the credentials are refused.
    """

    def __init__(self, settings: Settings, auth: AuthBase, headers: dict[str, str] | None = None) -> None:
        retrying = Client(
            raise_for_status=False,
            request_max_attempts=settings.max_attempts,
            request_backoff_factor=settings.backoff,
            request_max_retry_delay=settings.longest_wait,
            retry_condition=lambda response, error: (
                response is not None and response.status_code == 403 and "Retry-After" in response.headers
            ),
        )
        session = retrying.session
        for scheme in ("http://", "https://"):
            session.mount(scheme, _OneHost(settings))
        super().__init__(settings.base_url, headers=headers, auth=auth, session=session)
        self.settings = settings

    def pages(
        self, path: str, params: dict[str, Any], selector: str, paginator: BasePaginator
    ) -> Iterator[list[dict[str, Any]]]:
        """The pages of a list; an empty list gives one empty page."""
        answers = self.paginate(
            path, params=params, data_selector=selector, paginator=paginator, hooks={"response": []}
        )
        try:
            for page in answers:
                # Without the list itself dlt would see an empty page, and the end of the data.
                if not isinstance(page.response.json().get(selector), list):
                    raise VendorError(f"{self.settings.title} answered {path} without '{selector}'.")
                objects = list(page)
                if not all(isinstance(one, dict) for one in objects):
                    raise VendorError(f"{self.settings.title} answered {path} with something else than objects.")
                yield objects
        except (AttributeError, ValueError, RecursionError) as error:
            raise VendorError(f"{self.settings.title} answered {path} with something else than a list.") from error

    def one(self, path: str) -> dict[str, Any] | None:
        """A single document, or None where the vendor says there is none."""
        try:
            return self.get(path).json()
        except VendorError as error:
            if error.status in (404, 410):
                return None
            raise
        except ValueError as error:
            raise VendorError(f"{self.settings.title} answered {path} with something else than JSON.") from error

    def _send_request(self, request: Request, **options: Any) -> Response:
        title = self.settings.title
        try:
            response = super()._send_request(request, allow_redirects=False, **options)
        except RequestException as error:
            raise VendorError(f"{title} cannot be reached at {self.base_url} ({type(error).__name__}).") from None
        status = response.status_code
        if status == 401:
            raise ConfigurationError(f"{title} refused the credential in {self.settings.secret_variable}.")
        if status == 429:
            raise VendorError(f"{title} still asks to slow down after {self.settings.max_attempts} tries.", status)
        if not 200 <= status < 300:
            path = urlsplit(response.url).path
            raise VendorError(f"{title} answered {path} with {status}: {explanation(response)}", status)
        return response


def explanation(response: Response) -> str:
    """The vendor's own words, shortened; each of the vendors has another form of error."""
    if response.is_redirect:
        return "a redirect, which is not followed"
    try:
        body = response.json()
    except ValueError:
        return "no explanation"
    if isinstance(body, list):
        body = body[0] if body else {}
    if isinstance(body, dict):
        inner = body.get("error")
        body = inner if isinstance(inner, dict) else body
        words = body.get("message") or body.get("error_description") or body.get("errorCode") or body.get("error")
        return str(words or "no explanation")[:200]
    return "no explanation"
