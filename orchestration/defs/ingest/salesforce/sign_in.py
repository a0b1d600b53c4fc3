"""Salesforce's client-credentials flow: a session is opened when it is needed, and once more when it has ended."""

from __future__ import annotations

from typing import Any

from requests import PreparedRequest, RequestException, Response, Session
from requests.auth import AuthBase

from orchestration.defs.ingest.client import VendorError, explanation
from orchestration.defs.ingest.settings import Settings
from orchestration.errors import ConfigurationError


class SignIn(AuthBase):
    """Puts the session's token on each request. `session` is the client's, so the host is the configured one."""

    session: Session

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._token = ""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if not self._token:
            self._sign_in()
        request.headers["Authorization"] = f"Bearer {self._token}"
        request.register_hook("response", self._once_more)
        return request

    def _once_more(self, response: Response, **options: Any) -> Response:
        """A session that has ended is opened again, once per request: a second 401 is an answer."""
        if response.status_code != 401:
            return response
        response.close()
        self._sign_in()
        again = response.request.copy()
        again.headers["Authorization"] = f"Bearer {self._token}"
        answer = response.connection.send(again, **options)  # type: ignore[attr-defined]
        answer.history.append(response)
        answer.request = again
        return answer

    def _sign_in(self) -> None:
        settings = self._settings
        form = {
            "grant_type": "client_credentials",
            "client_id": settings.client_id,
            "client_secret": settings.secret,
        }
        try:
            answer = self.session.post(f"{settings.base_url}/services/oauth2/token", data=form, allow_redirects=False)
        except RequestException as error:
            raise VendorError(
                f"Salesforce cannot be reached at {settings.base_url} ({type(error).__name__})."
            ) from None
        if answer.status_code in (400, 401):
            raise ConfigurationError(
                "Salesforce refused the client in SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET:"
                f" {explanation(answer)}."
            )
        try:
            self._token = answer.json()["access_token"]
        except (KeyError, TypeError, ValueError):
            raise VendorError(f"Salesforce answered the sign-in with {answer.status_code} and no token.") from None
