"""Configuration: one sentence that names what is missing, and secrets that stay where they are."""

from __future__ import annotations

import pytest

from orchestration.defs.ingest.load import configured
from orchestration.defs.ingest.settings import SYSTEMS, Settings
from orchestration.errors import ConfigurationError

STRIPE = {"STRIPE_API_KEY": "rk_live_secret"}


def test_stripe_needs_its_key_only() -> None:
    settings = Settings.from_environment("stripe", STRIPE)
    assert settings.base_url == "https://api.stripe.com"
    assert settings.secret == "rk_live_secret"  # noqa: S105


def test_salesforce_says_everything_that_is_missing_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_environment("salesforce", {"SALESFORCE_CLIENT_ID": "id", "SALESFORCE_BASE_URL": " "})
    assert str(caught.value) == "Salesforce is not configured: set SALESFORCE_CLIENT_SECRET and SALESFORCE_BASE_URL."


@pytest.mark.parametrize("url", ["api.stripe.com", "ftp://api.stripe.com", "https://", "https://user:pw@host"])
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigurationError, match="STRIPE_BASE_URL must be an address") as caught:
        Settings.from_environment("stripe", {**STRIPE, "STRIPE_BASE_URL": url})
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize("days", ["a week", "-1", "1.5"])
def test_days_must_be_a_whole_number(days: str) -> None:
    with pytest.raises(ConfigurationError, match="STRIPE_REREAD_DAYS is '"):
        Settings.from_environment("stripe", {**STRIPE, "STRIPE_REREAD_DAYS": days})


def test_an_unknown_system_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="'hubspot' is not a source system; choose from salesforce, stripe"):
        Settings.from_environment("hubspot", {})


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_secret_is_not_shown(system: str) -> None:
    assert "hush" not in repr(Settings(system, "https://host", "hush"))


def test_systems_nobody_configured_are_left_out_and_half_configured_ones_are_an_error() -> None:
    assert configured({"STRIPE_API_KEY": "", "STRIPE_WEBHOOK_SECRET": "another program's"}) == {}
    assert list(configured(STRIPE)) == ["stripe"]
    with pytest.raises(ConfigurationError, match="GoCardless is not configured: set GOCARDLESS_ACCESS_TOKEN"):
        configured({**STRIPE, "GOCARDLESS_BASE_URL": "https://api-sandbox.gocardless.com"})
