"""Runs the demo company's three vendors on loopback: `python -m orchestration.demo_company.serve --port 0`."""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from .build import build_world
from .gocardless_api import GoCardless
from .salesforce_api import Salesforce
from .stripe_api import Stripe
from .web import Faults, Server
from .world import World


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


def main() -> None:
    parser = argparse.ArgumentParser(description="The demo company's Salesforce, Stripe and GoCardless, on loopback.")
    parser.add_argument("--port", type=int, default=0, help="first of three ports; 0 = any free ones")
    parser.add_argument("--as-of", default="", help="the clock, UTC; what came later is not there yet")
    arguments = parser.parse_args()
    world = build_world(as_of=arguments.as_of) if arguments.as_of else build_world()
    with running(world, port=arguments.port) as urls:
        print(json.dumps(urls, indent=2), flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
