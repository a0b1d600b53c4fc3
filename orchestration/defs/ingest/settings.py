"""Where a source system is and how to sign in: from the environment, never from a file in the repository."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from orchestration.errors import ConfigurationError


@dataclass(frozen=True)
class _System:
    title: str
    secret: str  # the variable that holds the credential
    base_url: str  # the vendor's own host; empty = every customer has one
    client_id: str = ""


SYSTEMS = {
    "salesforce": _System("Salesforce", "SALESFORCE_CLIENT_SECRET", "", "SALESFORCE_CLIENT_ID"),
    "stripe": _System("Stripe", "STRIPE_API_KEY", "https://api.stripe.com"),
    "gocardless": _System("GoCardless", "GOCARDLESS_ACCESS_TOKEN", "https://api.gocardless.com"),
}


@dataclass(frozen=True)
class Settings:
    """One source system.

    secret: API key, access token or client secret. It is not shown by repr and never leaves the Authorization header.
    reread_days: objects created so many days before the last load are read again, in case an event was missed.
    currency: of a Salesforce organisation that has only one (its objects carry none).
    max_attempts, longest_wait: tries per request, and the most seconds between two of them.
    """

    system: str
    base_url: str
    secret: str = field(repr=False)
    client_id: str = ""
    reread_days: int = 7
    currency: str = ""
    max_attempts: int = 6
    backoff: float = 0.5
    longest_wait: float = 60

    @property
    def title(self) -> str:
        return SYSTEMS[self.system].title

    @property
    def secret_variable(self) -> str:
        return SYSTEMS[self.system].secret

    def __post_init__(self) -> None:
        if self.system not in SYSTEMS:
            raise ConfigurationError(f"'{self.system}' is not a source system; choose from {', '.join(SYSTEMS)}.")
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ConfigurationError(
                f"{self.system.upper()}_BASE_URL must be an address such as https://host, without a user or a password."
            )

    @classmethod
    def from_environment(cls, system: str, environment: Mapping[str, str] | None = None) -> Settings:
        """Raises ConfigurationError naming every variable that is missing."""
        found = os.environ if environment is None else environment
        if system not in SYSTEMS:
            raise ConfigurationError(f"'{system}' is not a source system; choose from {', '.join(SYSTEMS)}.")
        known, prefix = SYSTEMS[system], system.upper()
        needed = [known.secret, *([known.client_id] if known.client_id else [])]
        if not known.base_url:
            needed.append(f"{prefix}_BASE_URL")
        missing = [name for name in needed if not found.get(name, "").strip()]
        if missing:
            raise ConfigurationError(f"{known.title} is not configured: set {' and '.join(missing)}.")
        return cls(
            system,
            base_url=(found.get(f"{prefix}_BASE_URL", "").strip() or known.base_url).rstrip("/"),
            secret=found[known.secret].strip(),
            client_id=found.get(known.client_id, "").strip() if known.client_id else "",
            reread_days=_days(found, f"{prefix}_REREAD_DAYS", default=7),
            currency=found.get(f"{prefix}_CURRENCY", "").strip().upper(),
        )


def _days(found: Mapping[str, str], name: str, default: int) -> int:
    value = found.get(name, "").strip() or str(default)
    if not value.isdigit():
        raise ConfigurationError(f"{name} is '{value}'; it must be a whole number of days.")
    return int(value)
