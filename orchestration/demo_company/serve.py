"""Runs the demo company's vendors until interrupted: `python -m orchestration.demo_company.serve --port 0`."""

from __future__ import annotations

import argparse
import json
import threading
from contextlib import suppress

from .build import SEED, build_world
from .planted import as_csv, plant
from .services import environment, running
from .world import AS_OF, World


def main() -> None:
    parser = argparse.ArgumentParser(description="The demo company's Salesforce, Stripe and GoCardless, on loopback.")
    parser.add_argument("--port", type=int, default=0, help="first of three ports; 0 = any free ones")
    parser.add_argument("--as-of", default=AS_OF, help="the clock, UTC; what came later is not there yet")
    parser.add_argument("--environment", action="store_true", help="print the loader's variables, not only the URLs")
    parser.add_argument("--errors", action="store_true", help="print the planted errors as CSV and stop")
    arguments = parser.parse_args()
    if arguments.errors:
        print(as_csv(plant(World(), SEED)), end="")
        return
    with running(build_world(as_of=arguments.as_of), port=arguments.port) as urls:
        print(json.dumps(environment(urls) if arguments.environment else urls, indent=2), flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
