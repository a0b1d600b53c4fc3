"""The three vendors as local services."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from .build import build_world
from .gocardless_api import ACCESS as GOCARDLESS_ACCESS
from .gocardless_api import GoCardless
from .salesforce_api import CLIENT as SALESFORCE_ACCESS
from .salesforce_api import Salesforce
from .stripe_api import ACCESS as STRIPE_ACCESS
from .stripe_api import Stripe
from .web import Faults, Server
from .world import World

# What the services accept. They guard made-up data on loopback: nothing here is a secret.
CREDENTIALS = {"salesforce": SALESFORCE_ACCESS, "stripe": STRIPE_ACCESS, "gocardless": GOCARDLESS_ACCESS}


@contextmanager
def running(world: World | None = None, faults: Faults | None = None, port: int = 0) -> Iterator[dict[str, str]]:
    """The base URL of each vendor while the block runs.

    port: 0 = any free ports; otherwise Salesforce, Stripe and GoCardless take this one and the next two.
    """
    world = world or build_world()
    faults = faults or Faults()
    salesforce = Salesforce(world, faults)
    services = {"salesforce": salesforce, "stripe": Stripe(world, faults), "gocardless": GoCardless(world, faults)}
    servers: dict[str, Server] = {}
    try:
        for place, (name, service) in enumerate(services.items()):
            server = servers[name] = Server(service, port + place if port else 0)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        salesforce.url = servers["salesforce"].url
        yield {name: server.url for name, server in servers.items()}
    finally:
        for server in servers.values():
            server.shutdown()
            server.server_close()


def environment(urls: dict[str, str]) -> dict[str, str]:
    """The variables that point the loader at the running services."""
    return {
        "SALESFORCE_BASE_URL": urls["salesforce"],
        "SALESFORCE_CLIENT_ID": SALESFORCE_ACCESS["client_id"],
        "SALESFORCE_CLIENT_SECRET": SALESFORCE_ACCESS["client_secret"],
        "STRIPE_BASE_URL": urls["stripe"],
        "STRIPE_API_KEY": STRIPE_ACCESS["api_key"],
        "GOCARDLESS_BASE_URL": urls["gocardless"],
        "GOCARDLESS_ACCESS_TOKEN": GOCARDLESS_ACCESS["access_token"],
    }
